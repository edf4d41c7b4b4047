import org.apache.kafka.common.protocol.Errors;

/** Prints the code and name of every error that Apache Kafka has, to be held against impl/wire/errors.ts. */
public class KafkaErrors {
    public static void main(String[] arguments) {
        for (Errors error : Errors.values()) System.out.println(error.code() + " " + error.name());
    }
}
