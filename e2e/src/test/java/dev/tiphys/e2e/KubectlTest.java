package dev.tiphys.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/// Real kubectl against a cluster without nodes.
@Tag("e2e")
@TestInstance(Lifecycle.PER_CLASS)
class KubectlTest {

  private TestCluster cluster;

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    Path tokens =
        Files.writeString(
            directory.resolve("tokens.csv"),
            "master,alice,1,\"system:masters\"\nnobody,bob,2,\"people\"\n");
    cluster =
        new TestCluster(directory).up("--node", "none", "--token-auth-file", tokens.toString());
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  @Test
  void objectsOfManyKindsAreAppliedPrintedAndDeleted() {
    String manifest =
        """
        apiVersion: v1
        kind: Namespace
        metadata: {name: many}
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: one, namespace: many}
        data: {a: "1", b: "2"}
        ---
        apiVersion: v1
        kind: Secret
        metadata: {name: two, namespace: many}
        stringData: {password: geheim}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: three, namespace: many}
        spec: {selector: {app: x}, ports: [{port: 80}]}
        ---
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: four, namespace: many}
        spec:
          rules:
          - host: example.org
            http:
              paths: [{path: /, pathType: Prefix, backend: {service: {name: three, port: {number: 80}}}}]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: five}
        rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]
        """;

    assertThat(cluster.apply(manifest))
        .contains("configmap/one created", "ingress.networking.k8s.io/four created");
    assertThat(cluster.apply(manifest)).contains("configmap/one unchanged");
    assertThat(cluster.k("get", "configmap", "one", "-n", "many"))
        .containsPattern("NAME +DATA +AGE\none +2 ");
    assertThat(cluster.k("get", "secret", "two", "-n", "many", "-o", "jsonpath={.data.password}"))
        .isEqualTo("Z2VoZWlt");
    assertThat(cluster.k("get", "service", "three", "-n", "many"))
        .containsPattern("three +ClusterIP +10\\.\\d+\\.\\d+\\.\\d+ +<none> +80/TCP");
    assertThat(cluster.k("delete", "clusterrole", "five")).contains("\"five\" deleted");
    cluster.k("delete", "namespace", "many");
    assertThat(cluster.kubectl("get", "namespace", "many").run().err()).contains("NotFound");
  }

  @Test
  void whatIsWrongIsNamedWithItsPath() {
    Command.Result result =
        cluster
            .kubectl("apply", "--validate=false", "-f", "-")
            .reading(
                """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: wrong}
                spec:
                  selector: {matchLabels: {a: b}}
                  template:
                    metadata: {labels: {a: c}}
                    spec: {containers: [{name: UPPER, image: x}]}
                """)
            .run();

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err())
        .contains("The Deployment \"wrong\" is invalid")
        .contains(
            "spec.template.metadata.labels: Invalid value: {\"a\":\"c\"}: `selector` does not match template `labels`")
        .contains("spec.template.spec.containers[0].name: Invalid value: \"UPPER\"");
  }

  @Test
  void anUnknownFieldIsRefusedByTheServer() {
    Command.Result result =
        cluster
            .kubectl("create", "-f", "-")
            .reading(
                """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: strict}
                dota: {a: b}
                """)
            .run();

    assertThat(result.err()).contains("strict decoding error: unknown field \"dota\"");
  }

  @Test
  void patchesOfThreeTypesAreTaken() {
    cluster.k("create", "configmap", "patched", "--from-literal=a=1");

    cluster.k("patch", "configmap", "patched", "--type=merge", "-p", "{\"data\":{\"b\":\"2\"}}");
    cluster.k(
        "patch",
        "configmap",
        "patched",
        "--type=json",
        "-p",
        "[{\"op\":\"remove\",\"path\":\"/data/a\"}]");
    cluster.k("patch", "configmap", "patched", "-p", "{\"data\":{\"c\":\"3\"}}");

    assertThat(cluster.k("get", "configmap", "patched", "-o", "jsonpath={.data}"))
        .isEqualTo("{\"b\":\"2\",\"c\":\"3\"}");
  }

  @Test
  void aStaleUpdateIsAConflict() {
    cluster.k("create", "configmap", "stale", "--from-literal=a=1");
    String old = cluster.k("get", "configmap", "stale", "-o", "yaml");
    cluster.k("label", "configmap", "stale", "x=y");

    Command.Result result = cluster.kubectl("replace", "-f", "-").reading(old).run();

    assertThat(result.err())
        .contains(
            "Operation cannot be fulfilled on configmaps \"stale\": the object has been modified;"
                + " please apply your changes to the latest version and try again");
  }

  @Test
  void fieldsAreExplained() {
    assertThat(cluster.k("explain", "deployment.spec.replicas"))
        .contains("FIELD: replicas <integer>");
  }

  @Test
  void whatADryRunMakesIsNotKept() {
    assertThat(cluster.k("create", "configmap", "dry", "--dry-run=server", "-o", "name"))
        .contains("configmap/dry");
    assertThat(cluster.kubectl("get", "configmap", "dry").run().err()).contains("NotFound");
  }

  @Test
  void aLongListComesInPages() {
    StringBuilder manifest = new StringBuilder();
    for (int i = 0; i < 30; i++) {
      manifest.append(
          "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: page-%02d, labels: {set: pages}}\n---\n"
              .formatted(i));
    }
    cluster.apply(manifest.toString());

    List<String> names =
        cluster
            .k("get", "configmaps", "-l", "set=pages", "--chunk-size=7", "-o", "name")
            .lines()
            .toList();

    assertThat(names).hasSize(30).doesNotHaveDuplicates();
  }

  @Test
  void onlyMastersMayDoAnything() {
    String server = "https://127.0.0.1:" + cluster.port();
    String[] anyone = {
      "--kubeconfig=/dev/null", "--insecure-skip-tls-verify", "--server=" + server
    };

    assertThat(
            cluster.kubectl(anyone).and("--token=master").and("get").and("namespaces").run().ok())
        .contains("kube-system");
    assertThat(cluster.kubectl(anyone).and("--token=nobody").and("get").and("pods").run().err())
        .contains(
            "pods is forbidden: User \"bob\" cannot list resource \"pods\" in API group \"\" in the"
                + " namespace \"default\"");
    assertThat(cluster.kubectl(anyone).and("--token=wrong").and("get").and("pods").run().err())
        .contains("Unauthorized");
  }

  @Test
  void olderKubectlsWork() {
    assertThat(TestCluster.otherKubectls()).as("-Dtiphys.kubectls").isNotEmpty();
    for (Path kubectl : TestCluster.otherKubectls()) {
      String name = "by-" + Math.floorMod(kubectl.toString().hashCode(), 1000);

      assertThat(
              cluster.with(kubectl, "apply", "-f", "-").reading(Manifests.web(name, 1)).run().ok())
          .as(kubectl.toString())
          .isEqualTo("deployment.apps/" + name + " created\n");
      assertThat(cluster.with(kubectl, "explain", "pod.spec.nodeName").run().ok())
          .contains("nodeName <string>");
      assertThat(cluster.with(kubectl, "api-resources", "-o", "name").run().ok())
          .contains("deployments.apps");
      cluster.with(kubectl, "delete", "deployment", name).run().ok();
    }
  }
}
