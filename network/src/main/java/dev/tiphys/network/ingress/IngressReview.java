package dev.tiphys.network.ingress;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.tiphys.network.ingress.annotations.AnnotationNames;
import dev.tiphys.network.ingress.annotations.Annotations;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/// What ingress-nginx' validating webhook refuses of an Ingress, in its words. Pure.
final class IngressReview {

  private static final Pattern PLAIN = Pattern.compile("/[A-Za-z0-9._/-]*");

  /// What has no place in a host or path, and would have been taken for configuration.
  private static final List<Pattern> INJECTED =
      List.of(
          Pattern.compile("(?s)\\s*alias\\s*.*;"),
          Pattern.compile("(?s)\\s*root\\s*.*;"),
          Pattern.compile("/etc/(passwd|shadow|group|nginx|ingress-controller)"),
          Pattern.compile("/var/run/secrets"),
          Pattern.compile("_by_lua"));

  private static final List<String> SNIPPETS =
      List.of(
          "auth-snippet",
          "configuration-snippet",
          "modsecurity-snippet",
          "server-snippet",
          "stream-snippet");

  private final Struct ingress;
  private final Function<String, Collection<Struct>> ofHost;

  /// @param ofHost the Ingresses of the same classes that have a part in a host
  private IngressReview(Struct ingress, Function<String, Collection<Struct>> ofHost) {
    this.ingress = ingress;
    this.ofHost = ofHost;
  }

  /// @return empty if nothing speaks against it
  static String refusal(Struct ingress, Function<String, Collection<Struct>> ofHost) {
    IngressReview review = new IngressReview(ingress, ofHost);
    String refusal = review.injection();
    refusal = refusal.isEmpty() ? review.snippets() : refusal;
    refusal = refusal.isEmpty() ? review.paths() : refusal;
    return refusal.isEmpty() ? review.overlap() : refusal;
  }

  private String injection() {
    for (Struct rule : ingress.structs("spec", "rules")) {
      if (isInjected(rule.string("host"))) {
        return "invalid host in ingress rule: " + rule.string("host");
      }
      for (Struct path : rule.structs("http", "paths")) {
        if (isInjected(path.string("path"))) {
          return "invalid path in ingress rule: " + path.string("path");
        }
      }
    }
    return "";
  }

  private static boolean isInjected(String text) {
    return INJECTED.stream().anyMatch(each -> each.matcher(text).find());
  }

  private String snippets() {
    Struct annotations = Meta.of(ingress).annotations();
    for (String name : SNIPPETS) {
      if (annotations.has(AnnotationNames.PREFIX + name)) {
        return AnnotationNames.PREFIX
            + name
            + " annotation cannot be used. Snippet directives are disabled by the Ingress"
            + " administrator";
      }
    }
    return "";
  }

  private String paths() {
    boolean regex = Annotations.of(ingress).useRegex();
    List<String> problems = new ArrayList<>();
    for (Struct rule : ingress.structs("spec", "rules")) {
      for (Struct path : rule.structs("http", "paths")) {
        String text = path.string("path");
        String type = path.string("pathType");
        if (!type.equals("ImplementationSpecific")) {
          if (!text.isEmpty() && !PLAIN.matches(text)) {
            problems.add("path %s cannot be used with pathType %s".formatted(text, type));
          }
        } else if (regex && !isExpression(text)) {
          problems.add("path %s is no regular expression".formatted(text));
        }
      }
    }
    return problems.isEmpty()
        ? ""
        : "ingress contains invalid paths: " + String.join("\n", problems);
  }

  private static boolean isExpression(String text) {
    try {
      Pattern _ = Pattern.compile(text);
      return true;
    } catch (PatternSyntaxException e) {
      return false;
    }
  }

  private String overlap() {
    boolean canary = Annotations.of(ingress).isCanary();
    for (Struct rule : ingress.structs("spec", "rules")) {
      String host = OwnIngress.host(rule);
      for (Struct path : rule.structs("http", "paths")) {
        for (Struct other : ofHost.apply(host)) {
          boolean same = ObjectKey.of(other).equals(ObjectKey.of(ingress));
          if (!same && has(other, host, path) && Annotations.of(other).isCanary() == canary) {
            return "host \"%s\" and path \"%s\" is already defined in ingress %s"
                .formatted(
                    host.equals(OwnIngress.ANY) ? "_" : host, text(path), ObjectKey.of(other));
          }
        }
      }
    }
    return "";
  }

  private static String text(Struct path) {
    return path.string("path").isEmpty() ? "/" : path.string("path");
  }

  private static boolean has(Struct ingress, String host, Struct path) {
    return ingress.structs("spec", "rules").stream()
        .filter(rule -> OwnIngress.host(rule).equals(host))
        .flatMap(rule -> rule.structs("http", "paths").stream())
        .anyMatch(
            each ->
                text(each).equals(text(path))
                    && each.string("pathType").equals(path.string("pathType")));
  }
}
