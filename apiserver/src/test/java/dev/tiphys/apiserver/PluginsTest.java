package dev.tiphys.apiserver;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.pki.KeyType;
import dev.tiphys.pki.SigningRequest;
import dev.tiphys.pki.Subject;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Admission over HTTP, by users with rights of their own: what is let pass and what is refused.
class PluginsTest {

  private static final String REQUESTS = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
  private static final String ROLES = "/apis/rbac.authorization.k8s.io/v1/clusterroles";
  private static final String BINDINGS = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings";
  private static final String PODS = "/api/v1/namespaces/default/pods";
  private static final String CLAIMS = "/api/v1/namespaces/default/persistentvolumeclaims";

  private static RunningServer server;
  private static Wire wire;

  @BeforeAll
  static void start() throws Exception {
    server = new RunningServer();
    wire = new Wire(server);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Wire.Answer create(String path, String single) throws Exception {
    Wire.Answer answer = wire.post(path, single);
    assertThat(answer.code()).as(answer.text()).isEqualTo(201);
    return answer;
  }

  /// Lets a user do things to certificates.
  private static Acting user(String name, String rule) throws Exception {
    create(
        ROLES,
        "{'metadata':{'name':'"
            + name
            + "'},'rules':[{'apiGroups':['certificates.k8s.io'],'resources':['certificatesigningrequests','certificatesigningrequests/approval','certificatesigningrequests/status','clustertrustbundles'],'verbs':['*']}"
            + rule
            + "]}");
    create(
        BINDINGS,
        "{'metadata':{'name':'%s'},'roleRef':{'apiGroup':'rbac.authorization.k8s.io','kind':'ClusterRole','name':'%s'},'subjects':[{'apiGroup':'rbac.authorization.k8s.io','kind':'User','name':'%s'}]}"
            .formatted(name, name, name));
    return Acting.as(wire, name);
  }

  private static String signers(String verb, String name) {
    return ",{'apiGroups':['certificates.k8s.io'],'resources':['signers'],'resourceNames':['%s'],'verbs':['%s']}"
        .formatted(name, verb);
  }

  private static String request(String name, String signer, Subject subject) {
    String pem = SigningRequest.of(KeyType.EC.generate(), subject);
    return "{'metadata':{'name':'%s'},'spec':{'signerName':'%s','usages':['client auth'],'request':'%s'}}"
        .formatted(name, signer, Base64.getEncoder().encodeToString(pem.getBytes(US_ASCII)));
  }

  @Test
  void requestsAreApprovedByUsersWhoMayDecideForTheirSigner() throws Exception {
    create(REQUESTS, request("a", "example.com/x", Subject.client("me")));
    Acting none = user("approves-none", "");
    Acting one = user("approves-one", signers("approve", "example.com/x"));
    Acting domain = user("approves-domain", signers("approve", "example.com/*"));
    Struct asked = wire.get(REQUESTS + "/a").json();
    String approved =
        asked
            .withAt(
                List.of(Struct.of("type", "Approved", "status", "True", "reason", "Test")),
                "status",
                "conditions")
            .withoutAt("metadata", "resourceVersion")
            .withoutAt("metadata", "managedFields")
            .toString();

    Wire.Answer refused = none.send("PUT", REQUESTS + "/a/approval", approved);

    assertThat(refused.code()).isEqualTo(403);
    assertThat(refused.message())
        .isEqualTo(
            "certificatesigningrequests.certificates.k8s.io \"a\" is forbidden: user not permitted"
                + " to approve requests with signerName \"example.com/x\"");
    assertThat(one.send("PUT", REQUESTS + "/a/approval", approved).code()).isEqualTo(200);
    assertThat(domain.send("PUT", REQUESTS + "/a/approval", approved).code()).isEqualTo(200);
  }

  @Test
  void certificatesAreIssuedByUsersWhoMaySign() throws Exception {
    create(REQUESTS, request("s", "example.com/y", Subject.client("me")));
    Acting none = user("signs-none", signers("approve", "example.com/y"));
    Acting one = user("signs-one", signers("sign", "example.com/y"));
    Struct asked = wire.get(REQUESTS + "/s").json();
    String failed =
        asked
            .withAt(
                List.of(Struct.of("type", "Failed", "status", "True", "reason", "Test")),
                "status",
                "conditions")
            .withoutAt("metadata", "resourceVersion")
            .withoutAt("metadata", "managedFields")
            .toString();

    Wire.Answer refused = none.send("PUT", REQUESTS + "/s/status", failed);

    assertThat(refused.code()).isEqualTo(403);
    assertThat(refused.message())
        .endsWith("user not permitted to sign requests with signerName \"example.com/y\"");
    assertThat(one.send("PUT", REQUESTS + "/s/status", failed).code()).isEqualTo(200);
  }

  @Test
  void noCertificateMakesAnAdministrator() throws Exception {
    String signer = "kubernetes.io/kube-apiserver-client";

    Wire.Answer refused =
        wire.post(REQUESTS, request("m", signer, Subject.client("me", "system:masters")));

    assertThat(refused.code()).isEqualTo(403);
    assertThat(refused.message())
        .isEqualTo(
            "certificatesigningrequests.certificates.k8s.io \"m\" is forbidden: use of"
                + " kubernetes.io/kube-apiserver-client signer with system:masters group is not"
                + " allowed");
    create(REQUESTS, request("m", signer, Subject.client("me", "team")));
  }

  @Test
  void anAgentAsksForItsOwnCertificateOnly() throws Exception {
    Acting node = Acting.node(wire, "n1");
    String signer = "kubernetes.io/kube-apiserver-client-kubelet";

    Wire.Answer refused =
        node.post(REQUESTS, request("k", signer, Subject.client("system:node:n2", "system:nodes")));

    assertThat(refused.code()).isEqualTo(403);
    assertThat(refused.message()).endsWith("can only create a node CSR with CN=system:node:n1");
    assertThat(
            node.post(
                    REQUESTS,
                    request("k", signer, Subject.client("system:node:n1", "system:nodes")))
                .code())
        .isEqualTo(201);
  }

  @Test
  void anAgentAsksForTokensOfAudiencesThatItsPodsNeed() throws Exception {
    create("/api/v1/namespaces/default/serviceaccounts", "{'metadata':{'name':'app'}}");
    String uid =
        create(
                PODS,
                "{'metadata':{'name':'aud'},'spec':{'nodeName':'n1','serviceAccountName':'app','containers':[{'name':'c','image':'i'}],'volumes':[{'name':'v','projected':{'sources':[{'serviceAccountToken':{'path':'t','audience':'vault'}}]}}]}}")
            .json()
            .string("metadata", "uid");
    Acting node = Acting.node(wire, "n1");
    String path = "/api/v1/namespaces/default/serviceaccounts/app/token";
    String token =
        "{'apiVersion':'authentication.k8s.io/v1','kind':'TokenRequest','spec':{'audiences':['%s'],'boundObjectRef':{'apiVersion':'v1','kind':'Pod','name':'aud','uid':'"
            + uid
            + "'}}}";

    assertThat(node.post(path, token.formatted("vault")).code()).isEqualTo(201);
    Wire.Answer refused = node.post(path, token.formatted("bank"));

    assertThat(refused.code()).isEqualTo(403);
    assertThat(refused.message())
        .isEqualTo(
            "serviceaccounts \"app\" is forbidden: audience \"bank\" not found in pod spec volume,"
                + " system:node:n1 is not authorized to request tokens for this audience");
  }

  @ParameterizedTest
  @CsvSource({
    "fixed,Bound,2Gi,'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize'",
    "growing,Bound,2Gi,''"
  })
  void claimsGrowIfTheirClassLetsThem(String type, String phase, String size, String problem)
      throws Exception {
    wire.post(
        "/apis/storage.k8s.io/v1/storageclasses",
        "{'metadata':{'name':'growing'},'provisioner':'x','allowVolumeExpansion':true}");
    wire.post(
        "/apis/storage.k8s.io/v1/storageclasses",
        "{'metadata':{'name':'fixed'},'provisioner':'x'}");
    String name = type + phase.toLowerCase(Locale.ROOT);
    create(
        CLAIMS,
        "{'metadata':{'name':'%s'},'spec':{'volumeName':'v','storageClassName':'%s','accessModes':['ReadWriteOnce'],'resources':{'requests':{'storage':'1Gi'}}}}"
            .formatted(name, type));
    wire.patch(
        "merge-patch", CLAIMS + "/" + name + "/status", "{'status':{'phase':'" + phase + "'}}");

    Wire.Answer answer =
        wire.patch(
            "merge-patch",
            CLAIMS + "/" + name,
            "{'spec':{'resources':{'requests':{'storage':'" + size + "'}}}}");

    if (problem.isEmpty()) {
      assertThat(answer.code()).as(answer.text()).isEqualTo(200);
    } else {
      assertThat(answer.code()).as(answer.text()).isIn(403, 422);
      assertThat(answer.message())
          .isEqualTo("persistentvolumeclaims \"" + name + "\" is forbidden: " + problem);
    }
  }

  @Test
  void aRuntimeClassGivesPodsItsOverheadAndItsNodes() throws Exception {
    create(
        "/apis/node.k8s.io/v1/runtimeclasses",
        "{'metadata':{'name':'kata'},'handler':'h','overhead':{'podFixed':{'cpu':'250m'}},'scheduling':{'nodeSelector':{'kata':'yes'},'tolerations':[{'key':'kata','operator':'Exists'}]}}");
    String pod =
        "{'metadata':{'name':'%s'},'spec':{'runtimeClassName':'%s','containers':[{'name':'c','image':'i'}]%s}}";

    Struct made = create(PODS, pod.formatted("k1", "kata", "")).json().struct("spec");

    assertThat(made.string("overhead", "cpu")).isEqualTo("250m");
    assertThat(made.string("nodeSelector", "kata")).isEqualTo("yes");
    assertThat(made.structs("tolerations"))
        .contains(Struct.of("key", "kata", "operator", "Exists"));
    assertThat(wire.post(PODS, pod.formatted("k2", "none", "")).message())
        .isEqualTo("pods \"k2\" is forbidden: pod rejected: RuntimeClass \"none\" not found");
    assertThat(
            wire.post(PODS, pod.formatted("k3", "kata", ",'nodeSelector':{'kata':'no'}")).message())
        .isEqualTo(
            "pods \"k3\" is forbidden: conflict: runtimeClass.scheduling.nodeSelector[kata] = yes;"
                + " pod.spec.nodeSelector[kata] = no");
    assertThat(wire.post(PODS, pod.formatted("k4", "kata", ",'overhead':{'cpu':'1'}")).message())
        .isEqualTo(
            "pods \"k4\" is forbidden: pod rejected: Pod's Overhead doesn't match RuntimeClass's"
                + " defined Overhead");
  }

  @Test
  void aQuotaRefusesWithoutDoingAnythingInADryRun() throws Exception {
    String path = "/api/v1/namespaces/q/resourcequotas/q";
    create("/api/v1/namespaces", "{'metadata':{'name':'q'}}");
    create(
        "/api/v1/namespaces/q/resourcequotas",
        "{'metadata':{'name':'q'},'spec':{'hard':{'pods':'1'}}}");
    wire.patch(
        "merge-patch", path + "/status", "{'status':{'hard':{'pods':'1'},'used':{'pods':'0'}}}");
    String pod = "{'metadata':{'name':'%s'},'spec':{'containers':[{'name':'c','image':'i'}]}}";

    assertThat(wire.post("/api/v1/namespaces/q/pods?dryRun=All", pod.formatted("a")).code())
        .isEqualTo(201);
    assertThat(wire.get(path).json().string("status", "used", "pods")).isEqualTo("0");
    create("/api/v1/namespaces/q/pods", pod.formatted("a"));
    Wire.Answer refused = wire.post("/api/v1/namespaces/q/pods?dryRun=All", pod.formatted("b"));

    assertThat(refused.code()).isEqualTo(403);
    assertThat(refused.message())
        .isEqualTo(
            "pods \"b\" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited:"
                + " pods=1");
  }
}
