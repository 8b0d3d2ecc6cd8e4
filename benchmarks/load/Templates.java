import dev.tiphys.template.Functions;
import dev.tiphys.template.MissingKey;
import dev.tiphys.template.Strings;
import dev.tiphys.template.Template;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// `Templates.java`: what it takes to parse and to execute templates as Secrets have them. Prints for each the
/// medians in microseconds: of the first hundred in a JVM that has just started, and of the last thousand.
public final class Templates {

  private static final int COLD = 100;
  private static final int WARM = 1000;
  private static final int ROUNDS = 20_000;

  private static final World WORLD = new RealWorld();
  private static final Functions FUNCTIONS = Functions.externalSecrets(WORLD);

  private Templates() {}

  public static void main(String[] arguments) {
    Map<String, String> templates = new LinkedHashMap<>();
    templates.put("one key", "{{ .password }}");
    templates.put(
        "a connection", "postgresql://{{ .user | urlquery }}:{{ .password | urlquery }}@{{ .host }}:{{ .port | default \"5432\" }}/app");
    templates.put(
        "a file of 40 lines",
        """
        {{- $hosts := splitList "," .hosts -}}
        [client]
        user = {{ .user | quote }}
        {{- if .password }}
        password = {{ .password | b64enc | quote }}
        {{- else }}
        {{ fail "no password" }}
        {{- end }}
        {{- range $i, $host := $hosts }}
        [server-{{ add1 $i }}]
        host = {{ $host | trim | lower }}
        port = {{ $.port | int }}
        options = {{ dict "tls" true "index" $i | toJson }}
        {{- end }}
        digest = {{ printf "%s:%s" .user .password | sha256sum | trunc 16 }}
        """);
    Map<String, byte[]> data = new HashMap<>();
    Map.of("user", "ann", "password", "p@ss/word", "host", "db.example", "port", "5432", "hosts", "A.example, b.example,c.example,d.example,e.example,f.example,g.example,h.example")
        .forEach((key, value) -> data.put(key, value.getBytes(StandardCharsets.UTF_8)));
    Strings strings = Strings.of(data);
    templates.forEach((name, text) -> measure(name, text, strings));
  }

  private static void measure(String name, String text, Strings data) {
    long[] parsed = new long[ROUNDS];
    long[] executed = new long[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      long begin = WORLD.nanoTime();
      Template template = Template.parse("k", text, FUNCTIONS).missingKey(MissingKey.ERROR);
      long between = WORLD.nanoTime();
      if (template.bytes(data).length == 0) {
        throw new IllegalStateException("nothing was made of " + name);
      }
      executed[i] = WORLD.nanoTime() - between;
      parsed[i] = between - begin;
    }
    System.out.printf(
        "%s: parsed %.1f cold, %.1f warm; executed %.1f cold, %.1f warm%n",
        name,
        median(parsed, 0, COLD),
        median(parsed, ROUNDS - WARM, ROUNDS),
        median(executed, 0, COLD),
        median(executed, ROUNDS - WARM, ROUNDS));
  }

  private static double median(long[] times, int from, int to) {
    long[] part = Arrays.copyOfRange(times, from, to);
    Arrays.sort(part);
    return part[part.length / 2] / 1000.0;
  }
}
