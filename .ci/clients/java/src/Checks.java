import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * What the Java drivers share: arguments, security settings, and how checks run and report.
 *
 * <p>Every check runs, also after one has failed. The last line of stdout is JSON: {client, version, checks: [names that
 * passed], failed: [{check, why}]}.
 */
final class Checks {
  interface Check {
    void run() throws Exception;
  }

  /** Something else than expected came; the message is a sentence. */
  static final class Wrong extends RuntimeException {
    Wrong(String sentence) {
      super(sentence);
    }
  }

  final String bootstrap;
  private final String only;
  // Some checks catch what their client prints; one that hangs must not catch the report too.
  private final PrintStream out = System.out;
  private final PrintStream err = System.err;
  private final Map<String, Check> checks = new LinkedHashMap<>();

  Checks(String[] args) {
    String given = null;
    String part = "";
    for (int i = 0; i + 1 < args.length; i += 2) {
      if (args[i].equals("--bootstrap")) given = args[i + 1];
      else if (args[i].equals("--only")) part = args[i + 1];
    }
    if (given == null) {
      System.err.println("say --bootstrap HOST:PORT");
      System.exit(2);
    }
    bootstrap = given;
    only = part;
  }

  void add(String name, Check check) {
    checks.put(name, check);
  }

  /** Client settings: the address, and security from the environment, in Kafka's names. */
  Properties settings() {
    Properties settings = new Properties();
    settings.put("bootstrap.servers", bootstrap);
    Map<String, String> environment = System.getenv();
    String protocol = environment.get("KAFKA_SECURITY_PROTOCOL");
    if (protocol != null) settings.put("security.protocol", protocol);
    String mechanism = environment.get("KAFKA_SASL_MECHANISM");
    if (mechanism != null) {
      String module = mechanism.equals("PLAIN") ? "plain.PlainLoginModule" : "scram.ScramLoginModule";
      settings.put("sasl.mechanism", mechanism);
      settings.put(
          "sasl.jaas.config",
          "org.apache.kafka.common.security." + module + " required username=\"" + environment.get("KAFKA_SASL_USERNAME")
              + "\" password=\"" + environment.get("KAFKA_SASL_PASSWORD") + "\";");
    }
    String certificates = environment.get("KAFKA_SSL_CA");
    if (certificates != null) {
      settings.put("ssl.truststore.type", "PEM");
      settings.put("ssl.truststore.location", certificates);
    }
    return settings;
  }

  /** Runs all checks, reports, and ends the process. */
  void run(String client, String version) {
    List<String> passed = new ArrayList<>();
    Map<String, String> failed = new LinkedHashMap<>();
    ExecutorService threads = Executors.newCachedThreadPool();
    checks.forEach((name, check) -> {
      if (!name.contains(only)) return;
      // A client's own example says nothing of names, passwords or certificates; the tools take them from a file.
      if (name.equals("quick start") && System.getenv("KAFKA_SECURITY_PROTOCOL") != null) return;
      long started = System.nanoTime();
      try {
        threads.submit((Callable<Void>) () -> {
          check.run();
          return null;
        }).get(30, TimeUnit.SECONDS);
        passed.add(name);
        err.printf("  ok %s (%.1f s)%n", name, (System.nanoTime() - started) / 1e9);
      } catch (ExecutionException | TimeoutException | InterruptedException problem) {
        Throwable cause = problem.getCause() == null ? problem : problem.getCause();
        String why = cause instanceof TimeoutException && cause == problem
            ? "did not end within 30 s"
            : cause instanceof Wrong ? cause.getMessage() : cause.toString();
        failed.put(name, why);
        err.printf("FAILED %s: %s (%.1f s)%n", name, why, (System.nanoTime() - started) / 1e9);
        if (!(cause instanceof Wrong)) {
          Arrays.stream(cause.getStackTrace()).limit(4).forEach(line -> err.println("    " + line));
          if (cause.getCause() != null) err.println("    caused by " + cause.getCause());
        }
      }
    });
    StringBuilder json = new StringBuilder("{\"client\":").append(quoted(client));
    json.append(",\"version\":").append(quoted(version)).append(",\"checks\":[");
    json.append(String.join(",", passed.stream().map(Checks::quoted).toList())).append("],\"failed\":[");
    json.append(String.join(",", failed.entrySet().stream()
        .map(one -> "{\"check\":" + quoted(one.getKey()) + ",\"why\":" + quoted(one.getValue()) + "}").toList()));
    out.println(json.append("]}"));
    out.flush();
    // A client that keeps a thread must not keep a failed run alive.
    Runtime.getRuntime().halt(failed.isEmpty() && !passed.isEmpty() ? 0 : 1);
  }

  /** A name of a topic or group that no earlier run has used. */
  static String unique(String word) {
    return word + "-" + UUID.randomUUID().toString().replace("-", "").substring(0, 10);
  }

  static void expect(Object actual, Object expected, String what) {
    boolean same = actual instanceof byte[] a && expected instanceof byte[] b ? Arrays.equals(a, b) : Objects.equals(actual, expected);
    if (!same) throw new Wrong(what + ": expected " + shown(expected) + ", got " + shown(actual));
  }

  static void expectThat(boolean condition, String sentence) {
    if (!condition) throw new Wrong(sentence);
  }

  /** Expects an exception whose class, or whose cause's class, has this simple name. */
  static void expectError(String name, String what, Check check) {
    try {
      check.run();
    } catch (Exception problem) {
      for (Throwable one = problem; one != null; one = one.getCause()) {
        if (one.getClass().getSimpleName().equals(name)) return;
      }
      throw new Wrong(what + ": expected " + name + ", got " + problem);
    }
    throw new Wrong(what + ": expected " + name + ", got no error");
  }

  static void waitUntil(Callable<Boolean> condition, Supplier<String> what) throws Exception {
    long until = System.nanoTime() + 12_000_000_000L;
    while (!condition.call()) {
      if (System.nanoTime() > until) throw new Wrong(what.get() + " after 12 s");
      Thread.sleep(20);
    }
  }

  /** Bytes without a pattern, the same for the same seed. */
  static byte[] noise(int length, int seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static String shown(Object value) {
    String text = value instanceof byte[] bytes ? bytes.length + " bytes " + Arrays.toString(Arrays.copyOf(bytes, Math.min(bytes.length, 20))) : String.valueOf(value);
    return text.length() > 400 ? text.substring(0, 400) + "…" : text;
  }

  private static String quoted(String text) {
    StringBuilder result = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') result.append('\\').append(c);
      else if (c < ' ') result.append(String.format("\\u%04x", (int) c));
      else result.append(c);
    }
    return result.append('"').toString();
  }
}
