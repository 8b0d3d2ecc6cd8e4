package dev.tiphys.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.encoding.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is in volumes that come from ConfigMaps, Secrets, the Pod itself and what is projected of
/// them, with which modes, and what becomes of it when these change.
class PayloadVolumesTest {

  @TempDir Path directory;
  private VirtualNode node;

  @BeforeEach
  void start() throws Exception {
    node = new VirtualNode(directory, 4);
    node.create(
        ApiResource.CONFIG_MAPS,
        "{metadata: {name: m}, data: {a: one, b: two}, binaryData: {raw: /wA=}}");
    node.create(ApiResource.SECRETS, "{metadata: {name: s}, stringData: {a: three, b: four}}");
  }

  @AfterEach
  void close() {
    node.close();
  }

  private static String spec(List<String> volumes) {
    StringBuilder mounts = new StringBuilder();
    StringBuilder sources = new StringBuilder();
    for (int i = 0; i < volumes.size(); i++) {
      mounts.append("  - {name: v%1$d, mountPath: /v%1$d}\n".formatted(i));
      sources.append("- {name: v%d, %s}\n".formatted(i, volumes.get(i)));
    }
    return """
        containers:
        - name: c
          image: busybox:1
          command: [sleep, "100000"]
          resources: {limits: {cpu: 1250m, memory: 64Mi}, requests: {cpu: 250m, memory: 32Mi}}
          volumeMounts:
        %s
        - {name: free, image: 'busybox:1', command: [sleep, "100000"]}
        volumes:
        %s
        """
        .formatted(mounts, sources);
  }

  private void pod(String... volumes) {
    node.createPod("p", spec(List.of(volumes)));
    assertThat(node.pod("p").string("status", "phase")).isEqualTo("Running");
  }

  /// The directory of a volume, wherever it is.
  private Path volume(int number) {
    String uid = Meta.of(node.pod("p")).uid();
    return Stream.of("configmap", "downward-api", "secret", "projected", "empty-dir")
        .map(kind -> "kubernetes.io~" + kind)
        .flatMap(
            kind ->
                Stream.of(
                    node.settings().directories().volume(uid, kind, "v" + number),
                    node.settings().directories().volumeInMemory(uid, kind, "v" + number)))
        .filter(Files::isDirectory)
        .findFirst()
        .orElseThrow();
  }

  private String content(int number, String path) throws IOException {
    return Files.readString(volume(number).resolve(path));
  }

  private static String mode(Path file) throws IOException {
    return Integer.toOctalString((int) Files.getAttribute(file, "unix:mode") & 07777);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '"',
      textBlock =
          """
          configMap: {name: m}                                                   ; a     ; one   ; 644
          configMap: {name: m, defaultMode: 0400}                                ; b     ; two   ; 400
          configMap: {name: m, items: [{key: a, path: to/x}]}                    ; to/x  ; one   ; 644
          configMap: {name: m, items: [{key: a, path: to/x, mode: 0440}]}        ; to/x  ; one   ; 440
          secret: {secretName: s}                                                ; a     ; three ; 644
          secret: {secretName: s, defaultMode: 0400}                             ; b     ; four  ; 400
          secret: {secretName: s, items: [{key: a, path: to/x}]}                 ; to/x  ; three ; 644
          secret: {secretName: s, items: [{key: a, path: to/x, mode: 0440}]}     ; to/x  ; three ; 440
          downwardAPI: {items: [{path: to/x, fieldRef: {fieldPath: metadata.name}}]}                                ; to/x ; p ; 644
          downwardAPI: {defaultMode: 0400, items: [{path: x, fieldRef: {fieldPath: metadata.name}}]}                ; x    ; p ; 400
          downwardAPI: {items: [{path: x, mode: 0440, fieldRef: {fieldPath: metadata.name}}]}                       ; x    ; p ; 440
          downwardAPI: {items: [{path: x, resourceFieldRef: {containerName: c, resource: limits.cpu}}]}             ; x    ; 2 ; 644
          downwardAPI: {items: [{path: x, resourceFieldRef: {containerName: c, resource: limits.cpu, divisor: 1m}}]} ; x   ; 1250 ; 644
          downwardAPI: {items: [{path: x, resourceFieldRef: {containerName: c, resource: requests.cpu, divisor: 1m}}]} ; x ; 250 ; 644
          downwardAPI: {items: [{path: x, resourceFieldRef: {containerName: c, resource: limits.memory, divisor: 1Mi}}]} ; x ; 64 ; 644
          downwardAPI: {items: [{path: x, resourceFieldRef: {containerName: c, resource: requests.memory, divisor: 1Mi}}]} ; x ; 32 ; 644
          """)
  void aFileHasTheContentAndTheModeThatTheVolumeSays(
      String volume, String path, String content, String mode) throws Exception {
    pod(volume, projected(volume));

    for (int number : List.of(0, 1)) {
      assertThat(content(number, path)).isEqualTo(content);
      assertThat(mode(volume(number).resolve(path))).isEqualTo(mode);
      assertThat(mode(volume(number))).isEqualTo("755"); // for every user
    }
  }

  /// The same as the one source of a projected volume, which has the default mode itself.
  private static String projected(String volume) {
    String source = volume.replace("secretName", "name");
    int mode = source.indexOf("defaultMode: ");
    if (mode < 0) {
      return "projected: {sources: [{%s}]}".formatted(source);
    }
    String number = source.substring(mode, mode + "defaultMode: 0400".length());
    return "projected: {%s, sources: [{%s}]}"
        .formatted(number, source.replace(number + ", ", "").replace(", " + number, ""));
  }

  @ParameterizedTest
  @CsvSource({"cpu, 1m", "memory, 1Ki"})
  void aContainerWithoutLimitsHasWhatTheNodeHas(String resource, String divisor) throws Exception {
    String item =
        "downwardAPI: {items: [{path: x, resourceFieldRef: {containerName: %s, resource: limits.%s, divisor: %s}}]}";
    pod(item.formatted("free", resource, divisor), item.formatted("c", resource, divisor));

    assertThat(Long.parseLong(content(0, "x"))).isPositive();
    assertThat(content(0, "x")).isNotEqualTo(content(1, "x"));
    Struct node1 = node.api.get(ApiResource.NODES, "", "node-1");
    Quantity allocatable = Quantity.from(node1.get("status", "allocatable", resource));
    long whole = resource.equals("cpu") ? allocatable.milli() : allocatable.units() / 1024;
    assertThat(Long.parseLong(content(0, "x"))).isEqualTo(whole);
  }

  @Test
  void bytesThatAreNoTextStayAsTheyAre() throws Exception {
    pod("configMap: {name: m}");

    assertThat(volume(0).resolve("raw")).hasBinaryContent(new byte[] {(byte) 0xff, 0});
  }

  @Test
  void allOfItCanBeInOneVolume() throws Exception {
    pod(
        "projected: {sources: [{configMap: {name: m, items: [{key: a, path: of/map}]}}, {secret:"
            + " {name: s, items: [{key: a, path: of/secret}]}}, {downwardAPI: {items: [{path: of/pod,"
            + " fieldRef: {fieldPath: metadata.name}}]}}]}");

    assertThat(content(0, "of/map")).isEqualTo("one");
    assertThat(content(0, "of/secret")).isEqualTo("three");
    assertThat(content(0, "of/pod")).isEqualTo("p");
  }

  @Test
  void volumesOfOneSourceAndOfOthersAreBesideEachOther() throws Exception {
    List<String> all =
        IntStream.range(0, 50)
            .mapToObj(i -> i % 2 == 0 ? "configMap: {name: m}" : "secret: {secretName: s}")
            .toList();
    pod(Stream.concat(all.stream(), Stream.of("emptyDir: {}")).toArray(String[]::new));

    for (int i = 0; i < all.size(); i++) {
      assertThat(content(i, "a")).isEqualTo(i % 2 == 0 ? "one" : "three");
    }
    assertThat(volume(all.size())).isEmptyDirectory();
  }

  @Test
  void aSecretOfAnotherNamespaceIsAnotherOne() throws Exception {
    node.api.create(
        ApiResource.NAMESPACES,
        Struct.of("apiVersion", "v1", "kind", "Namespace", "metadata", Struct.of("name", "other")));
    node.api.create(
        ApiResource.SECRETS,
        Yaml.struct(
            "{apiVersion: v1, kind: Secret, metadata: {name: s, namespace: other}, stringData: {a:"
                + " other}}"));
    pod("secret: {secretName: s}");

    assertThat(content(0, "a")).isEqualTo("three");
  }

  private void change(ApiResource resource, String name, Object value, String... path) {
    Struct now = node.api.get(resource, "default", name);
    node.api.update(resource, now.withAt(value, path));
    node.settle();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void changesOfItsSourcesAreSeen(boolean projected) throws Exception {
    String map = "configMap: {name: m}";
    String secret = "secret: {secretName: s}";
    pod(projected ? projected(map) : map, projected ? projected(secret) : secret);

    change(ApiResource.CONFIG_MAPS, "m", "new", "data", "a");
    change(ApiResource.SECRETS, "s", "bmV3", "data", "a");

    assertThat(content(0, "a")).isEqualTo("new");
    assertThat(content(1, "a")).isEqualTo("new");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatIsOptionalComesAndGoes(boolean projected) throws Exception {
    String map = "configMap: {name: %s, optional: true}";
    String secret = "secret: {secretName: %s, optional: true}";
    pod(
        Stream.of(
                map.formatted("m"),
                map.formatted("later"),
                secret.formatted("s"),
                secret.formatted("later"))
            .map(each -> projected ? projected(each) : each)
            .toArray(String[]::new));
    assertThat(volume(1).resolve("x")).doesNotExist();

    node.api.delete(ApiResource.CONFIG_MAPS, "default", "m", DeleteOptions.DEFAULT);
    node.api.delete(ApiResource.SECRETS, "default", "s", DeleteOptions.DEFAULT);
    node.create(ApiResource.CONFIG_MAPS, "{metadata: {name: later}, data: {x: here}}");
    node.create(ApiResource.SECRETS, "{metadata: {name: later}, stringData: {x: here}}");
    node.advance(120);

    assertThat(volume(0).resolve("a")).doesNotExist();
    assertThat(volume(2).resolve("a")).doesNotExist();
    assertThat(content(1, "x")).isEqualTo("here");
    assertThat(content(3, "x")).isEqualTo("here");
  }

  @ParameterizedTest
  @ValueSource(strings = {"labels", "annotations"})
  void changesOfThePodAreSeen(String field) throws Exception {
    String volume =
        "downwardAPI: {items: [{path: x, fieldRef: {fieldPath: metadata.%s}}]}".formatted(field);
    pod(volume, projected(volume));

    change(ApiResource.PODS, "p", "new", "metadata", field, "tier");

    assertThat(content(0, "x")).contains("tier=\"new\"");
    assertThat(content(1, "x")).contains("tier=\"new\"");
  }

  @Test
  void anEmptyDirectoryIsForEveryUser() throws Exception {
    pod("emptyDir: {}", "emptyDir: {medium: Memory}");

    assertThat(mode(volume(0))).isEqualTo("777");
    assertThat(mode(volume(1))).isEqualTo("1777");
  }
}
