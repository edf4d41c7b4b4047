import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipFile;
import javax.tools.ToolProvider;

/** The examples in the documentation comments of kafka-clients, compiled and run with only their address changed. */
final class QuickStart {
  /** The first example of a class's documentation that contains some words. */
  static String example(String sourceFile, String... words) throws IOException {
    Path folder = Path.of(System.getenv("LOCKSTEP_CLIENTS"), "java", "sources");
    Path jar;
    try (var files = Files.list(folder)) {
      jar = files.findFirst().orElseThrow();
    }
    String source;
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      source = new String(zip.getInputStream(zip.getEntry(sourceFile)).readAllBytes(), StandardCharsets.UTF_8);
    }
    Matcher blocks = Pattern.compile("<pre>\\s*\\*\\s*\\{@code\\n(.*?)\\* ?\\}\\s*</pre>", Pattern.DOTALL).matcher(source);
    while (blocks.find()) {
      String code = blocks.group(1).replaceAll("(?m)^ \\* ?", "");
      boolean all = true;
      for (String word : words) all &= code.contains(word);
      if (all) return code;
    }
    throw new Checks.Wrong("the documentation has no longer an example with " + String.join(", ", words));
  }

  /** A main method around statements; `name` is its class. */
  static Class<?> compile(String name, String statements) throws Exception {
    Path folder = Files.createTempDirectory("quick-start");
    Path file = folder.resolve(name + ".java");
    Files.writeString(file, "import java.util.*; import java.time.*; import org.apache.kafka.clients.producer.*;"
        + "import org.apache.kafka.clients.consumer.*; public class " + name
        + " { public static void main(String[] args) { " + statements + " } }");
    int result = ToolProvider.getSystemJavaCompiler().run(null, null, null, "-proc:none", "-cp",
        System.getProperty("java.class.path"), "-d", folder.toString(), file.toString());
    Checks.expect(result, 0, "exit code of the compiler for the documentation's example");
    return new URLClassLoader(new URL[] {folder.toUri().toURL()}).loadClass(name);
  }

  /** Runs it in a thread that the caller may interrupt; what it prints goes to `output`. */
  static Thread start(Class<?> example, StringBuffer output) {
    PrintStream before = System.out;
    System.setOut(new PrintStream(new OutputStream() {
      @Override
      public void write(int one) {
        output.append((char) one);
      }
    }, true));
    Thread thread = new Thread(() -> {
      try {
        example.getMethod("main", String[].class).invoke(null, (Object) new String[0]);
      } catch (ReflectiveOperationException interrupted) {
        // An endless loop ends by being interrupted; what it did until then is looked at by the caller.
      } finally {
        System.setOut(before);
      }
    });
    thread.start();
    return thread;
  }
}
