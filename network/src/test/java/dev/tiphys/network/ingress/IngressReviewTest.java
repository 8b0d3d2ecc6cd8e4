package dev.tiphys.network.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is refused of an Ingress beside one that is there.
class IngressReviewTest {

  private static final Struct PRESENT = ingress("present", "x=y", "a", "Prefix", "/taken");
  private static final Struct CANARY = ingress("canary", "canary=true", "b", "Prefix", "/taken");

  private static Struct ingress(
      String name, String annotation, String host, String type, String path) {
    String[] parts = annotation.split("=", 2);
    return Yaml.struct(
        """
        metadata:
          name: %s
          namespace: default
          annotations: {'nginx.ingress.kubernetes.io/%s': '%s'}
        spec:
          rules:
          - host: %s
            http: {paths: [{pathType: %s, path: '%s', backend: {service: {name: x}}}]}
        """
            .formatted(name, parts[0], parts[1], host, type, path));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "x=y; a; Prefix; /free; ''",
        "x=y; a; Exact; /taken; ''",
        "x=y; b; Prefix; /taken; ''",
        "x=y; a; Prefix; /taken; host \"a\" and path \"/taken\" is already defined in ingress"
            + " default/present",
        "canary=true; a; Prefix; /taken; ''",
        "canary=true; b; Prefix; /taken; host \"b\" and path \"/taken\" is already defined in"
            + " ingress default/canary",
        "x=y; a; Prefix; /a(b); ingress contains invalid paths: path /a(b) cannot be used with"
            + " pathType Prefix",
        "x=y; a; Exact; /a b; ingress contains invalid paths: path /a b cannot be used with"
            + " pathType Exact",
        "use-regex=true; a; ImplementationSpecific; /a(b); ''",
        "use-regex=true; a; ImplementationSpecific; /a(b; ingress contains invalid paths: path /a(b"
            + " is no regular expression",
        "x=y; a; ImplementationSpecific; /etc/passwd; invalid path in ingress rule: /etc/passwd",
        "x=y; a; ImplementationSpecific; /_by_lua; invalid path in ingress rule: /_by_lua",
        "server-snippet=x; a; Prefix; /free; nginx.ingress.kubernetes.io/server-snippet annotation"
            + " cannot be used. Snippet directives are disabled by the Ingress administrator",
      })
  void itSaysWhy(String annotation, String host, String type, String path, String expected) {
    assertThat(
            IngressReview.refusal(
                ingress("new", annotation, host, type, path),
                asked -> asked.equals("a") ? List.of(PRESENT) : List.of(CANARY)))
        .isEqualTo(expected);
  }
}
