import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.ObjectSerializationCache;

/**
 * What Apache Kafka's own classes say, to be held against impl/wire. With the argument `errors` it prints the code and name
 * of every error. Otherwise it reads lines of `request|response key version hex`, decodes each body, encodes it again, and
 * prints it as it came out.
 */
public class KafkaWire {
    public static void main(String[] arguments) throws Exception {
        if (arguments.length > 0) {
            for (Errors error : Errors.values()) System.out.println(error.code() + " " + error.name());
            return;
        }
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) System.out.println(again(line.split(" ", -1)));
    }

    private static String again(String[] parts) {
        try {
            ApiMessageType type = ApiMessageType.fromApiKey(Short.parseShort(parts[1]));
            short version = Short.parseShort(parts[2]);
            ApiMessage message = parts[0].equals("request") ? type.newRequest() : type.newResponse();
            ByteBuffer body = ByteBuffer.wrap(HexFormat.of().parseHex(parts[3]));
            message.read(new ByteBufferAccessor(body), version);
            if (body.hasRemaining()) return body.remaining() + " bytes left";
            ObjectSerializationCache cache = new ObjectSerializationCache();
            ByteBuffer written = ByteBuffer.allocate(message.size(cache, version));
            message.write(new ByteBufferAccessor(written), cache, version);
            return HexFormat.of().formatHex(written.array());
        } catch (RuntimeException error) {
            return error.toString();
        }
    }
}
