package dev.tiphys.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.object.encoding.Yaml;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The manifests of `docs/manifests`, each alone in a namespace: what is answered to them as they
/// are written, as upstream answered, and what advice there is; and that nothing is left to say of
/// the corrected ones.
class CopiedManifestsTest {

  private static final Path FOLDER = Path.of("../docs/manifests");

  private static final String NOTHING_SELECTED = "FieldValueRequired spec.selector Required value";
  private static final String OTHER_LABELS =
      "FieldValueInvalid spec.template.metadata.labels Invalid value: null:"
          + " `selector` does not match template `labels`";

  private static final String NO_CONTAINERS =
      "FieldValueRequired spec.template.spec.containers Required value";

  /// What is refused, by file and object, and why.
  private static final Map<String, List<String>> REFUSED =
      Map.of(
          "2-pod 0 Pod",
          List.of(
              "FieldValueInvalid metadata.ownerReferences.uid Invalid value: \"\": must not be empty"),
          "2-replicaset 0 ReplicaSet",
          List.of(OTHER_LABELS, NO_CONTAINERS),
          "4-mysql-replication 0 StatefulSet",
          List.of(NOTHING_SELECTED, OTHER_LABELS),
          "4-pod-management 0 StatefulSet",
          List.of(NOTHING_SELECTED, OTHER_LABELS, NO_CONTAINERS),
          "4-pod-management 1 StatefulSet",
          List.of(NOTHING_SELECTED, OTHER_LABELS, NO_CONTAINERS),
          "4-stateless 0 StatefulSet",
          List.of(NOTHING_SELECTED, OTHER_LABELS),
          "4-stateless 1 Deployment",
          List.of(NOTHING_SELECTED, OTHER_LABELS),
          "4-update-strategy 0 StatefulSet",
          List.of(NOTHING_SELECTED, OTHER_LABELS, NO_CONTAINERS));

  /// What is created with advice.
  private static final Map<String, List<String>> ADVISED =
      Map.of(
          "4-kafka 0 StatefulSet",
          List.of(
              "spec.template.spec.containers[0].env[2].value: $(POD_NAME) is used before it is"
                  + " defined, and stays as it is written; move env[3] (POD_NAME) before env[2]"
                  + " (KAFKA_ADVERTISED_LISTENERS) [variable-order]",
              "spec.template.spec.containers[0].env[0].valueFrom.fieldRef.fieldPath:"
                  + " KAFKA_BROKER_ID is very likely wanted as a number, but metadata.name is a name"
                  + " (kafka-0); write metadata.labels['apps.kubernetes.io/pod-index']"
                  + " [name-for-number]"));

  private static RunningServer server;
  private static Wire wire;

  @BeforeAll
  static void start() throws IOException {
    server = new RunningServer();
    wire = new Wire(server);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  static List<String> written() throws IOException {
    return in("as-written");
  }

  static List<String> corrected() throws IOException {
    return in("corrected");
  }

  private static List<String> in(String folder) throws IOException {
    try (Stream<Path> files = Files.list(FOLDER.resolve(folder))) {
      return files.map(file -> folder + "/" + file.getFileName()).sorted().toList();
    }
  }

  /// An object of a file, and where it stands.
  private record Manifest(String title, Struct object) {

    static List<Manifest> in(String file) {
      String text;
      try {
        text = Files.readString(FOLDER.resolve(file));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      String name = file.substring(file.indexOf('/') + 1, file.indexOf(".yaml"));
      List<Manifest> all = new ArrayList<>();
      for (Object each : Yaml.parseAll(text)) {
        Struct object = (Struct) each;
        all.add(new Manifest(name + " " + all.size() + " " + object.string("kind"), object));
      }
      return all;
    }

    Wire.Answer posted(String namespace) throws IOException, InterruptedException {
      String version = object.string("apiVersion");
      String kind = object.string("kind").toLowerCase(Locale.ROOT);
      String path =
          (version.contains("/") ? "/apis/" : "/api/")
              + version
              + (kind.equals("storageclass") ? "" : "/namespaces/" + namespace)
              + "/"
              + (kind.endsWith("s") ? kind + "es" : kind + "s")
              + "?fieldValidation=Strict";
      return wire.send("POST", path, object.toString());
    }
  }

  private static String namespace(String file) throws IOException, InterruptedException {
    String name = file.replaceAll("[^a-z0-9]", "");
    wire.post("/api/v1/namespaces", "{'metadata':{'name':'" + name + "'}}");
    return name;
  }

  @ParameterizedTest
  @MethodSource("written")
  void areAnsweredAsUpstreamDoes(String file) throws Exception {
    String namespace = namespace(file);
    for (Manifest manifest : Manifest.in(file)) {
      Wire.Answer answer = manifest.posted(namespace);

      List<String> refused = REFUSED.getOrDefault(manifest.title, List.of());
      assertThat(answer.code()).as(manifest.title).isEqualTo(refused.isEmpty() ? 201 : 422);
      if (!refused.isEmpty()) {
        assertThat(answer.json()).isEqualTo(status(manifest.object, refused));
      }
      assertThat(answer.headers("warning"))
          .containsExactlyElementsOf(
              ADVISED.getOrDefault(manifest.title, List.of()).stream()
                  .map(text -> "299 - \"" + text + "\"")
                  .toList());
    }
  }

  @ParameterizedTest
  @MethodSource("corrected")
  void leaveNothingToSayOnceTheyAreCorrected(String file) throws Exception {
    String namespace = namespace(file);
    for (Manifest manifest : Manifest.in(file)) {
      Wire.Answer answer = manifest.posted(namespace);

      assertThat(answer.code()).as(manifest.title + answer.text()).isEqualTo(201);
      assertThat(answer.headers("warning")).isEmpty();
    }
  }

  /// The whole answer to an object that is not valid.
  ///
  /// @param causes reason, field and message of each
  private static Struct status(Struct object, List<String> causes) {
    String version = object.string("apiVersion");
    String group = version.contains("/") ? version.substring(0, version.indexOf('/')) : "";
    String kind = object.string("kind");
    String name = object.string("metadata", "name");
    List<Struct> list = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    for (String cause : causes) {
      String[] parts = cause.split(" ", 3);
      list.add(Struct.of("reason", parts[0], "message", parts[2], "field", parts[1]));
      texts.add(parts[1] + ": " + parts[2]);
    }
    String all = String.join(", ", texts);
    Struct details = Struct.of("name", name, "kind", kind, "causes", list);
    return Json.struct(
        Struct.of("kind", "Status", "apiVersion", "v1", "metadata", Struct.EMPTY)
            .with("status", "Failure")
            .with(
                "message",
                kind
                    + (group.isEmpty() ? "" : "." + group)
                    + " \""
                    + name
                    + "\" is invalid: "
                    + (texts.size() > 1 ? "[" + all + "]" : all))
            .with("reason", "Invalid")
            .with("details", group.isEmpty() ? details : details.with("group", group))
            .with("code", 422L)
            .toString());
  }
}
