package dev.tiphys.apiserver.advice;

import dev.tiphys.object.Struct;
import java.util.List;
import java.util.Set;

/// Manifests in few words: `{Deployment: web, labels: {app: web}, container: {args: [x]}}`.
///
/// | Word | Means |
/// |---|---|
/// | a kind | the object's name |
/// | `labels` | those of its Pods, which it selects; `app` with its name if nothing is said |
/// | `container` | fields of its only container, besides a name and an image |
/// | `pod` | fields of its Pods' spec |
/// | `spec` | fields of its spec |
/// | all others | themselves |
final class ShortManifest {

  private static final Set<String> WORDS = Set.of("labels", "container", "pod", "spec");
  private static final Set<String> SELECTING =
      Set.of("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet");

  private ShortManifest() {}

  static Struct expanded(Struct text) {
    String kind =
        text.names().stream()
            .filter(n -> Character.isUpperCase(n.charAt(0)))
            .findFirst()
            .orElseThrow();
    String name = text.string(kind);
    Struct object =
        Struct.of(
            "apiVersion",
            AdviceCase.known(kind).groupVersion().toString(),
            "kind",
            kind,
            "metadata",
            Struct.of("name", name));
    Struct labels = text.has("labels") ? text.struct("labels") : Struct.of("app", name);
    Struct template = Struct.of("metadata", Struct.of("labels", labels), "spec", pod(kind, text));
    object =
        switch (kind) {
          case "Pod" ->
              object.withAt(labels, "metadata", "labels").with("spec", template.struct("spec"));
          case "Job" -> object.withAt(template, "spec", "template");
          case "CronJob" ->
              object
                  .withAt("0 0 * * *", "spec", "schedule")
                  .withAt(template, "spec", "jobTemplate", "spec", "template");
          case "ReplicationController" ->
              object.withAt(template, "spec", "template").withAt(labels, "spec", "selector");
          default ->
              SELECTING.contains(kind)
                  ? object
                      .withAt(template, "spec", "template")
                      .withAt(labels, "spec", "selector", "matchLabels")
                  : object;
        };
    if (text.has("spec")) {
      object = object.with("spec", merged(object.struct("spec"), text.struct("spec")));
    }
    for (String word : text.names()) {
      Object value = text.get(word);
      if (value != null && !WORDS.contains(word) && !word.equals(kind)) {
        object =
            value instanceof Struct more
                ? object.with(word, merged(object.struct(word), more))
                : object.with(word, value);
      }
    }
    return object;
  }

  private static Struct pod(String kind, Struct text) {
    Struct container = merged(Struct.of("name", "c", "image", "i:1"), text.struct("container"));
    Struct pod = Struct.of("containers", List.of(container));
    if (kind.endsWith("Job")) {
      pod = pod.with("restartPolicy", "Never");
    }
    return merged(pod, text.struct("pod"));
  }

  private static Struct merged(Struct one, Struct more) {
    Struct all = one;
    for (String name : more.names()) {
      Object value = more.get(name);
      if (value != null) {
        all = all.with(name, value);
      }
    }
    return all;
  }
}
