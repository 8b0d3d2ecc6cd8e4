package dev.tiphys.apiserver.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.encoding.FieldOrder;
import dev.tiphys.object.encoding.JsonWriter;
import dev.tiphys.schema.validation.GoText;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What is recorded of a request at one stage: an Event of `audit.k8s.io/v1`.
///
/// Threads: any.
public final class AuditEvent {

  private static final String TRUNCATED = "audit.k8s.io/truncated";

  /// The order of fields that is known from upstream's logs; within a field, by name.
  private static final FieldOrder ORDER =
      FieldOrder.of(
          List.of(
              "kind",
              "apiVersion",
              "level",
              "auditID",
              "stage",
              "requestURI",
              "verb",
              "user",
              "impersonatedUser",
              "authenticationMetadata",
              "sourceIPs",
              "userAgent",
              "objectRef",
              "responseStatus",
              "requestObject",
              "responseObject",
              "requestReceivedTimestamp",
              "stageTimestamp",
              "annotations"));

  private final Level level;
  private final Struct tree;
  private byte @Nullable [] json;

  AuditEvent(Level level, Struct tree) {
    this.level = level;
    this.tree = tree;
  }

  Level level() {
    return level;
  }

  /// The event as an object.
  public Struct tree() {
    return tree;
  }

  /// The event in JSON, on one line.
  public byte[] json() {
    byte[] known = json;
    if (known == null) {
      JsonWriter writer = new JsonWriter();
      writer.write(tree, ORDER);
      known = writer.toBytes();
      json = known;
    }
    return known;
  }

  /// The event without the content of the request and of the answer.
  AuditEvent truncated() {
    Struct annotations =
        StructBuilder.from(tree.struct("annotations")).add(TRUNCATED, "true").build();
    return new AuditEvent(
        level,
        tree.without("requestObject").without("responseObject").with("annotations", annotations));
  }

  /// The event as a line of text, with less in it.
  public String line() {
    Struct user = tree.struct("user");
    boolean impersonated = tree.has("impersonatedUser");
    Struct other = tree.struct("impersonatedUser");
    return "%s AUDIT: id=%s stage=%s ip=%s method=%s user=%s groups=%s as=%s asgroups=%s user-agent=%s namespace=%s uri=%s response=\"%s\""
        .formatted(
            tree.string("requestReceivedTimestamp").replaceAll("\\.?0+Z$", "Z"),
            quoted("auditID"),
            quoted("stage"),
            GoText.quoted(first(tree.strings("sourceIPs"), "<unknown>")),
            quoted("verb"),
            GoText.quoted(or(user.string("username"), "<none>")),
            GoText.quoted(groups(user.strings("groups"), "<none>")),
            GoText.quoted(impersonated ? other.string("username") : "<self>"),
            GoText.quoted(impersonated ? groups(other.strings("groups"), "<lookup>") : "<lookup>"),
            quoted("userAgent"),
            GoText.quoted(or(tree.string("objectRef", "namespace"), "<none>")),
            quoted("requestURI"),
            tree.has("responseStatus")
                ? Long.toString(tree.integer("responseStatus", "code"))
                : "<deferred>");
  }

  private String quoted(String field) {
    return GoText.quoted(tree.string(field));
  }

  private static String or(String text, String otherwise) {
    return text.isEmpty() ? otherwise : text;
  }

  private static String first(List<String> texts, String otherwise) {
    return texts.isEmpty() ? otherwise : texts.getFirst();
  }

  private static String groups(List<String> groups, String otherwise) {
    return groups.isEmpty()
        ? otherwise
        : groups.stream().map(GoText::quoted).collect(Collectors.joining(","));
  }

  @Override
  public String toString() {
    return new String(json(), UTF_8);
  }
}
