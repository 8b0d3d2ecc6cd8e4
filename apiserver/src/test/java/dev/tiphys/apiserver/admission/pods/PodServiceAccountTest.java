package dev.tiphys.apiserver.admission.pods;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.apiserver.ApiServer;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.world.VirtualWorld;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodServiceAccountTest {

  private static final String PATH = "/var/run/secrets/kubernetes.io/serviceaccount";

  private final VirtualWorld world = new VirtualWorld(1);
  private final ApiServer server = new ApiServer(EmbeddedStore.inMemory(world), world);
  private final Api api = server.api("test");

  @BeforeEach
  void makeNamespace() {
    create(ApiResource.NAMESPACES, "{'metadata':{'name':'a'}}");
  }

  @AfterEach
  void close() {
    server.close();
  }

  private Struct create(ApiResource resource, String quoted) {
    return api.create(resource, Json.struct(quoted.replace('\'', '"')));
  }

  private void account(String annotations, String fields) {
    create(
        ApiResource.SERVICE_ACCOUNTS,
        "{'metadata':{'name':'default','namespace':'a','annotations':{%s}}%s}"
            .formatted(annotations, fields));
  }

  private Struct pod(String spec) {
    return pod("", "", "", spec);
  }

  private Struct pod(String annotations, String container, String volumes, String spec) {
    return create(
        ApiResource.PODS,
        """
        {'metadata':{'name':'p','namespace':'a','annotations':{%s}},
         'spec':{'containers':[{'name':'c','image':'i'%s}],'volumes':[%s]%s}}"""
            .formatted(annotations, container, volumes, spec));
  }

  private static List<String> mounts(Struct pod) {
    return pod.structs("spec", "containers").getFirst().structs("volumeMounts").stream()
        .map(mount -> mount.string("mountPath"))
        .toList();
  }

  @Test
  void aPodThatNamesNoAccountRunsAsTheDefaultOneAndHasItsToken() {
    account("", ",'imagePullSecrets':[{'name':'registry'}]");

    Struct pod = pod(",'initContainers':[{'name':'i','image':'i'}]");

    assertThat(pod.string("spec", "serviceAccountName")).isEqualTo("default");
    assertThat(pod.string("spec", "serviceAccount")).isEqualTo("default");
    assertThat(pod.structs("spec", "imagePullSecrets"))
        .containsExactly(Struct.of("name", "registry"));
    Struct volume = pod.structs("spec", "volumes").getFirst();
    assertThat(volume.string("name")).matches("kube-api-access-[a-z0-9]{5}");
    assertThat(volume.structs("projected", "sources").getFirst().struct("serviceAccountToken"))
        .isEqualTo(Struct.of("expirationSeconds", 3607L, "path", "token"));
    assertThat(mounts(pod)).containsExactly(PATH);
    Struct mount =
        pod.structs("spec", "initContainers").getFirst().structs("volumeMounts").getFirst();
    assertThat(mount.string("name")).isEqualTo(volume.string("name"));
    assertThat(mount.bool("readOnly")).isTrue();
  }

  /// The Pod's wish counts before the account's.
  @ParameterizedTest
  @CsvSource({",,1", "false,,0", "true,,1", ",false,0", "false,true,1", "true,false,0"})
  void aTokenIsMountedIfItIsWanted(String ofAccount, String ofPod, int mounted) {
    account("", ofAccount == null ? "" : ",'automountServiceAccountToken':" + ofAccount);

    Struct pod = pod(ofPod == null ? "" : ",'automountServiceAccountToken':" + ofPod);

    assertThat(mounts(pod)).hasSize(mounted);
    assertThat(pod.list("spec", "volumes")).hasSize(mounted);
  }

  @Test
  void whatIsMountedInThatPlaceStays() {
    account("", "");

    Struct pod =
        pod(
            "",
            ",'volumeMounts':[{'name':'v','mountPath':'" + PATH + "'}]",
            "{'name':'v','emptyDir':{}}",
            "");

    assertThat(pod.list("spec", "volumes")).hasSize(1);
  }

  @Test
  void anAccountThatDoesNotExistIsNamed() {
    assertThatThrownBy(() -> pod(",'serviceAccountName':'none'"))
        .hasMessage(
            "pods \"p\" is forbidden: error looking up service account a/none: serviceaccount"
                + " \"none\" not found");
  }

  /// A namespace is usable at once, though its account comes a moment later.
  @Test
  void theDefaultAccountIsWaitedFor() {
    world.start("late", () -> account("", ""));

    assertThat(pod("").string("spec", "serviceAccountName")).isEqualTo("default");
  }

  @Test
  void anAccountMayLimitTheSecretsOfItsPods() {
    account("'kubernetes.io/enforce-mountable-secrets':'true'", ",'secrets':[{'name':'t'}]");

    assertThatThrownBy(() -> pod("", "", "{'name':'v','secret':{'secretName':'s'}}", ""))
        .hasMessage(
            "pods \"p\" is forbidden: volume with secret.secretName=\"s\" is not allowed because"
                + " service account default does not reference that secret");
    assertThatThrownBy(() -> pod(",'imagePullSecrets':[{'name':'s'}]"))
        .hasMessage(
            "pods \"p\" is forbidden: imagePullSecrets[0].name=\"s\" is not allowed because service"
                + " account default does not reference that imagePullSecret");
    String variable = ",'env':[{'name':'E','valueFrom':{'secretKeyRef':{'name':'%s','key':'k'}}}]";
    assertThatThrownBy(() -> pod("", variable.formatted("s"), "", ""))
        .hasMessage(
            "pods \"p\" is forbidden: container c with envVar E referencing secret.secretName=\"s\""
                + " is not allowed because service account default does not reference that secret");
    assertThat(pod("", variable.formatted("t"), "", "").isEmpty()).isFalse();
  }

  @Test
  void aMirrorPodRunsAsNoAccount() {
    String mirror = "'kubernetes.io/config.mirror':'x'";
    Struct pod = pod(mirror, "", "", ",'nodeName':'n'");

    assertThat(pod.string("spec", "serviceAccountName")).isEmpty();
    assertThat(mounts(pod)).isEmpty();
    account("", "");
    assertThatThrownBy(() -> pod(mirror, "", "", ",'serviceAccountName':'default'"))
        .hasMessageContaining("a mirror pod may not reference service accounts");
    assertThatThrownBy(() -> pod(mirror, "", "{'name':'v','secret':{'secretName':'s'}}", ""))
        .hasMessageContaining("a mirror pod may not reference secrets");
  }
}
