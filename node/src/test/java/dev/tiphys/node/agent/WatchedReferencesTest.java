package dev.tiphys.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.features.FeatureGates;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.pki.Authority;
import dev.tiphys.pki.Pem;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// ConfigMaps, Secrets and trust bundles that change while Pods show them. The clock stands still:
/// a change must be seen at once, not at the next round.
class WatchedReferencesTest {
  private static final String POD =
      """
      containers:
      - name: c
        image: busybox:1
        command: [sleep, "100000"]
        volumeMounts: [{name: v, mountPath: /v}]
      volumes:
      - name: v
        %s
      """;

  @TempDir Path directory;
  private VirtualNode node;

  @BeforeEach
  void start() throws Exception {
    node =
        new VirtualNode(
            directory,
            3,
            FeatureGates.parse("ClusterTrustBundle=true,ClusterTrustBundleProjection=true"));
  }

  @AfterEach
  void close() {
    node.close();
  }

  private Path file(String plugin, String name) {
    return node.settings()
        .directories()
        .volume(Meta.of(node.pod("a")).uid(), plugin, "v")
        .resolve(name);
  }

  private void change(ApiResource resource, String name, Object value, String... path) {
    Struct now = node.api.get(resource, "default", name);
    Struct _ = node.api.update(resource, now.withAt(value, path));
    node.settle();
  }

  @Test
  void aChangedConfigMapIsSeenAtOnce() {
    node.create(ApiResource.CONFIG_MAPS, "{metadata: {name: m}, data: {key: old}}");
    node.createPod("a", POD.formatted("configMap: {name: m}"));
    assertThat(file("kubernetes.io~configmap", "key")).hasContent("old");

    change(ApiResource.CONFIG_MAPS, "m", "new", "data", "key");

    assertThat(file("kubernetes.io~configmap", "key")).hasContent("new");
  }

  @Test
  void aChangedSecretInAProjectionIsSeenAtOnce() {
    node.create(ApiResource.SECRETS, "{metadata: {name: s}, data: {key: b2xk}}");
    node.createPod("a", POD.formatted("projected: {sources: [{secret: {name: s}}]}"));

    change(ApiResource.SECRETS, "s", "bmV3", "data", "key");

    Path memory = node.settings().directories().memory();
    assertThat(
            memory.resolve(Meta.of(node.pod("a")).uid()).resolve("kubernetes.io~projected/v/key"))
        .hasContent("new");
  }

  private String certificate(String name) {
    Authority authority = Authority.found(node.world, name);
    return Pem.of(List.of(authority.certificate())).strip();
  }

  private static String bundle(String name, String signer, String certificates) {
    String more = signer.isEmpty() ? "" : "signerName: " + signer;
    return """
        metadata: {name: "%s", labels: {live: "yes"}}
        spec:
          %s
          trustBundle: |
        %s
        """
        .formatted(name, more, certificates.indent(4));
  }

  @Test
  void trustBundlesOfASignerAreJoinedAndFollowed() {
    String one = certificate("one");
    String two = certificate("two");
    String pod =
        """
        projected:
              sources:
              - clusterTrustBundle:
                  signerName: a.test/x
                  labelSelector: {matchLabels: {live: "yes"}}
                  path: ca.pem
        """;
    node.createPod("a", POD.formatted(pod));
    assertThat(node.events("a"))
        .anyMatch(
            event ->
                event.contains(
                    "combination of signerName and labelSelector matched zero ClusterTrustBundles"));

    node.create(ApiResource.CLUSTER_TRUST_BUNDLES, bundle("a.test:x:v1", "a.test/x", one));
    node.settle();
    node.advance(5);
    Path file =
        node.settings()
            .directories()
            .memory()
            .resolve(Meta.of(node.pod("a")).uid())
            .resolve("kubernetes.io~projected/v/ca.pem");
    assertThat(file).hasContent(one);

    node.create(
        ApiResource.CLUSTER_TRUST_BUNDLES, bundle("a.test:x:v2", "a.test/x", two + "\n" + one));
    node.create(ApiResource.CLUSTER_TRUST_BUNDLES, bundle("a.test:y:v1", "a.test/y", two));
    node.settle();
    assertThat(file).content().contains(one, two).containsOnlyOnce(one);
  }

  @Test
  void anOptionalOneThatAppearsLaterIsSeenAtOnce() {
    node.createPod("a", POD.formatted("configMap: {name: m, optional: true}"));
    assertThat(file("kubernetes.io~configmap", "key")).doesNotExist();

    node.create(ApiResource.CONFIG_MAPS, "{metadata: {name: m}, data: {key: here}}");

    assertThat(file("kubernetes.io~configmap", "key")).hasContent("here");
  }

  @Test
  void aPodStartsAtOnceWhenWhatItMissedIsThere() {
    node.createPod("a", POD.formatted("configMap: {name: m}"));
    node.advance(30);
    assertThat(node.pod("a").string("status", "phase")).isEqualTo("Pending");

    node.create(ApiResource.CONFIG_MAPS, "{metadata: {name: m}, data: {key: here}}");

    assertThat(node.pod("a").string("status", "phase")).isEqualTo("Running");
  }

  @Test
  void onlyWhatPodsNameAndWhatCanChangeIsWatched() {
    node.create(ApiResource.CONFIG_MAPS, "{metadata: {name: m}, data: {key: old}}");
    node.create(
        ApiResource.CONFIG_MAPS, "{metadata: {name: fixed}, immutable: true, data: {key: old}}");
    node.createPod("a", POD.formatted("configMap: {name: m}"));
    node.createPod("b", POD.formatted("configMap: {name: m}"));
    node.createPod("c", POD.formatted("configMap: {name: fixed}"));
    assertThat(node.agent().watchedReferences()).isEqualTo(1);

    node.deletePod("a", 0);
    node.advance(60);
    assertThat(node.agent().watchedReferences()).isEqualTo(1);
    node.deletePod("b", 0);
    node.advance(60);
    assertThat(node.agent().watchedReferences()).isZero();
  }
}
