package dev.tiphys.apiserver.admission;

import dev.tiphys.object.encoding.FieldOrder;
import dev.tiphys.object.encoding.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Annotations of the audit log that are JSON, with the fields in upstream's order.
public final class AuditNotes {

  private static final FieldOrder ORDER =
      FieldOrder.of(
          List.of(
              // of a webhook that may change the object
              "configuration",
              "webhook",
              "mutated",
              "patch",
              "patchType",
              // of what a policy objects to
              "message",
              "policy",
              "binding",
              "expressionIndex",
              "validationActions"));

  private AuditNotes() {}

  /// @param tree a struct, or a list of structs
  public static String text(Object tree) {
    JsonWriter writer = new JsonWriter();
    writer.write(tree, ORDER);
    return new String(writer.toBytes(), StandardCharsets.UTF_8);
  }
}
