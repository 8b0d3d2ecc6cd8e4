package dev.tiphys.schema.expressions;

import dev.tiphys.cel.Type;
import java.util.HashMap;
import java.util.Map;

/// The types of what expressions of admission are given beside the object itself.
final class AdmissionTypes {

  private static final Type TEXTS = Type.list(Type.STRING);
  private static final Type TEXT_BY_TEXT = Type.map(Type.STRING, Type.STRING);

  /// What is asked for, as an `AdmissionReview` tells it.
  static final Type REQUEST = request();

  /// The namespace of the object.
  static final Type NAMESPACE = namespace();

  private AdmissionTypes() {}

  private static Type request() {
    Type kind = texts("kubernetes.GroupVersionKind", "group", "version", "kind");
    Type resource = texts("kubernetes.GroupVersionResource", "group", "version", "resource");
    Type user =
        Type.object(
            "kubernetes.UserInfo",
            Map.of(
                "username",
                Type.STRING,
                "uid",
                Type.STRING,
                "groups",
                TEXTS,
                "extra",
                Type.map(Type.STRING, TEXTS)));
    Map<String, Type> fields = new HashMap<>();
    fields.put("kind", kind);
    fields.put("resource", resource);
    fields.put("subResource", Type.STRING);
    fields.put("requestKind", kind);
    fields.put("requestResource", resource);
    fields.put("requestSubResource", Type.STRING);
    fields.put("name", Type.STRING);
    fields.put("namespace", Type.STRING);
    fields.put("operation", Type.STRING);
    fields.put("userInfo", user);
    fields.put("dryRun", Type.BOOL);
    fields.put("options", Type.DYN);
    return Type.object("kubernetes.AdmissionRequest", Map.copyOf(fields));
  }

  private static Type texts(String name, String... fields) {
    Map<String, Type> all = new HashMap<>();
    for (String field : fields) {
      all.put(field, Type.STRING);
    }
    return Type.object(name, Map.copyOf(all));
  }

  private static Type namespace() {
    Type condition =
        Type.object(
            "kubernetes.NamespaceCondition",
            Map.of(
                "status", Type.STRING,
                "type", Type.STRING,
                "lastTransitionTime", Type.TIMESTAMP,
                "message", Type.STRING,
                "reason", Type.STRING));
    Type status =
        Type.object(
            "kubernetes.NamespaceStatus",
            Map.of("conditions", Type.list(condition), "phase", Type.STRING));
    Type spec = Type.object("kubernetes.NamespaceSpec", Map.of("finalizers", TEXTS));
    return Type.object(
        "kubernetes.Namespace", Map.of("metadata", metadata(), "spec", spec, "status", status));
  }

  private static Type metadata() {
    Map<String, Type> fields = new HashMap<>();
    fields.put("name", Type.STRING);
    fields.put("generateName", Type.STRING);
    fields.put("namespace", Type.STRING);
    fields.put("labels", TEXT_BY_TEXT);
    fields.put("annotations", TEXT_BY_TEXT);
    fields.put("UID", Type.STRING);
    fields.put("creationTimestamp", Type.TIMESTAMP);
    fields.put("deletionGracePeriodSeconds", Type.INT);
    fields.put("deletionTimestamp", Type.TIMESTAMP);
    fields.put("generation", Type.INT);
    fields.put("resourceVersion", Type.STRING);
    fields.put("finalizers", TEXTS);
    return Type.object("kubernetes.NamespaceMetadata", Map.copyOf(fields));
  }
}
