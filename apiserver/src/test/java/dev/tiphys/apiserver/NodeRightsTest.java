package dev.tiphys.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the agent of a node may do: what the Pods on its node need. `web` runs on `n1`, `other` on
/// `n2`.
class NodeRightsTest {

  private static RunningServer server;
  private static Wire admin;
  private static Acting n1;

  @BeforeAll
  static void start() throws Exception {
    server = new RunningServer();
    admin = new Wire(server);
    n1 = Acting.node(admin, "n1");
    create(
        "/api/v1/namespaces/default/pods",
        """
        {'metadata':{'name':'web'},'spec':{'nodeName':'n1','serviceAccountName':'app',
         'imagePullSecrets':[{'name':'pull'}],
         'initContainers':[{'name':'i','image':'x','envFrom':[{'secretRef':{'name':'from'}},{'configMapRef':{'name':'cfrom'}}]}],
         'containers':[{'name':'c','image':'x','env':[
           {'name':'A','valueFrom':{'secretKeyRef':{'name':'key','key':'k'}}},
           {'name':'B','valueFrom':{'configMapKeyRef':{'name':'ckey','key':'k'}}}]}],
         'volumes':[{'name':'s','secret':{'secretName':'vol'}},{'name':'m','configMap':{'name':'cvol'}},
           {'name':'p','projected':{'sources':[{'secret':{'name':'proj'}},{'configMap':{'name':'cproj'}}]}},
           {'name':'d','persistentVolumeClaim':{'claimName':'data'}},
           {'name':'e','ephemeral':{'volumeClaimTemplate':{'spec':{'accessModes':['ReadWriteOnce'],'resources':{'requests':{'storage':'1Gi'}}}}}}]}}
        """);
    create(
        "/api/v1/namespaces/default/pods",
        "{'metadata':{'name':'other'},'spec':{'nodeName':'n2','containers':[{'name':'c','image':'x'}],"
            + "'volumes':[{'name':'s','secret':{'secretName':'others'}}]}}");
    create(
        "/api/v1/namespaces/default/pods",
        "{'metadata':{'name':'mirror','annotations':{'kubernetes.io/config.mirror':'x'}},'spec':{'nodeName':'n1','containers':[{'name':'c','image':'x'}],"
            + "'volumes':[{'name':'s','secret':{'secretName':'stolen'}}]}}");
    volume("mine", "data");
    volume("theirs", "else");
    attachment("a1", "n1");
    attachment("a2", "n2");
  }

  private static void create(String path, String single) throws Exception {
    Wire.Answer answer = admin.post(path, single);
    assertThat(answer.code()).as(answer.text()).isEqualTo(201);
  }

  private static void volume(String name, String claim) throws Exception {
    create(
        "/api/v1/persistentvolumes",
        "{'metadata':{'name':'%s'},'spec':{'capacity':{'storage':'1Gi'},'accessModes':['ReadWriteOnce'],'csi':{'driver':'d','volumeHandle':'h','nodeStageSecretRef':{'name':'of-%s','namespace':'kube-system'}},'claimRef':{'name':'%s','namespace':'default'}}}"
            .formatted(name, name, claim));
  }

  private static void attachment(String name, String node) throws Exception {
    create(
        "/apis/storage.k8s.io/v1/volumeattachments",
        "{'metadata':{'name':'%s'},'spec':{'attacher':'x','nodeName':'%s','source':{'persistentVolumeName':'mine'}}}"
            .formatted(name, node));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static final String UNRELATED = "no relationship found between node 'n1' and this object";

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          GET /api/v1/namespaces/default/secrets/pull ; ''
          GET /api/v1/namespaces/default/secrets/from ; ''
          GET /api/v1/namespaces/default/secrets/key ; ''
          GET /api/v1/namespaces/default/secrets/vol ; ''
          GET /api/v1/namespaces/default/secrets/proj ; ''
          GET /api/v1/namespaces/default/secrets?fieldSelector=metadata.name%3Dvol ; ''
          GET /api/v1/namespaces/default/secrets/others ; no relationship
          GET /api/v1/namespaces/default/secrets/stolen ; no relationship
          GET /api/v1/namespaces/kube-system/secrets/vol ; no relationship
          GET /api/v1/namespaces/default/secrets ; No Object name found
          GET /api/v1/secrets ; can only read namespaced object of this type
          PUT /api/v1/namespaces/default/secrets/vol ; can only read resources of this type
          GET /api/v1/namespaces/kube-system/secrets/of-mine ; ''
          GET /api/v1/namespaces/kube-system/secrets/of-theirs ; no relationship
          GET /api/v1/namespaces/default/configmaps/cfrom ; ''
          GET /api/v1/namespaces/default/configmaps/ckey ; ''
          GET /api/v1/namespaces/default/configmaps/cvol ; ''
          GET /api/v1/namespaces/default/configmaps/cproj ; ''
          GET /api/v1/namespaces/default/configmaps/x ; no relationship
          GET /api/v1/namespaces/default/persistentvolumeclaims/data ; ''
          GET /api/v1/namespaces/default/persistentvolumeclaims/web-e ; ''
          GET /api/v1/namespaces/default/persistentvolumeclaims/else ; no relationship
          GET /api/v1/namespaces/default/persistentvolumeclaims ; can only get individual resources of this type
          PUT /api/v1/namespaces/default/persistentvolumeclaims/data/status ; ''
          PUT /api/v1/namespaces/default/persistentvolumeclaims/else/status ; no relationship
          GET /api/v1/persistentvolumes/mine ; ''
          GET /api/v1/persistentvolumes/theirs ; no relationship
          GET /apis/storage.k8s.io/v1/volumeattachments/a1 ; ''
          GET /apis/storage.k8s.io/v1/volumeattachments/a2 ; no relationship
          GET /api/v1/namespaces/default/serviceaccounts/app ; ''
          GET /api/v1/namespaces/default/serviceaccounts/x ; no relationship
          POST /api/v1/namespaces/default/serviceaccounts/x/token ; no relationship
          DELETE /api/v1/namespaces/default/serviceaccounts/app ; can only create tokens for individual service accounts
          GET /api/v1/nodes/n1 ; ''
          GET /api/v1/nodes?fieldSelector=metadata.name%3Dn1 ; ''
          GET /api/v1/nodes/n2 ; node 'n1' cannot read 'n2', only its own Node object
          GET /api/v1/nodes ; node 'n1' cannot read all nodes, only its own Node object
          DELETE /api/v1/nodes/n1 ; refused
          PUT /api/v1/nodes/n1/status ; ''
          GET /api/v1/namespaces/default/pods/web ; ''
          GET /api/v1/namespaces/default/pods/mirror ; ''
          GET /api/v1/namespaces/default/pods/other ; no relationship
          GET /api/v1/pods?fieldSelector=spec.nodeName%3Dn1 ; ''
          GET /api/v1/pods?fieldSelector=spec.nodeName%3Dn2 ; can only list/watch pods with spec.nodeName field selector
          GET /api/v1/pods?fieldSelector=spec.nodeName!%3Dn1 ; can only list/watch pods with spec.nodeName field selector
          GET /api/v1/pods ; can only list/watch pods with spec.nodeName field selector
          PUT /api/v1/namespaces/default/pods/web ; refused
          PUT /api/v1/namespaces/default/pods/web/status ; ''
          POST /api/v1/namespaces/default/pods/web/exec ; refused
          GET /apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/n1 ; ''
          GET /apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/n2 ; can only access node lease with the same name as the requesting node
          GET /apis/coordination.k8s.io/v1/namespaces/default/leases/n1 ; can only access leases in the "kube-node-lease" system namespace
          GET /apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases ; can only get, create, update, patch, or delete a node lease
          GET /apis/storage.k8s.io/v1/csinodes/n1 ; ''
          GET /apis/storage.k8s.io/v1/csinodes/n2 ; can only access CSINode with the same name as the requesting node
          GET /apis/resource.k8s.io/v1/resourceslices ; can only list/watch/deletecollection resourceslices with nodeName field selector
          GET /apis/resource.k8s.io/v1/resourceslices?fieldSelector=spec.nodeName%3Dn1 ; ''
          GET /api/v1/services ; ''
          GET /apis/apps/v1/deployments ; refused
          GET /version ; ''
          """)
  void aNodeSeesWhatItsPodsNeed(String request, String refusal) throws Exception {
    String[] parts = request.split(" ");
    Wire.Answer answer = n1.send(parts[0], parts[1], parts[0].equals("GET") ? "" : "{}");

    if (refusal.isEmpty()) {
      assertThat(answer.code()).as(answer.text()).isNotEqualTo(403);
      return;
    }
    assertThat(answer.code()).isEqualTo(403);
    assertThat(answer.message())
        .endsWith(
            switch (refusal) {
              case "refused" -> "";
              case "no relationship" -> ": " + UNRELATED;
              default -> ": " + refusal;
            });
  }

  @Test
  void whatLeavesANodeIsNoLongerItsAffair() throws Exception {
    create(
        "/api/v1/namespaces/default/pods",
        "{'metadata':{'name':'brief'},'spec':{'nodeName':'n1','containers':[{'name':'c','image':'x'}],"
            + "'volumes':[{'name':'s','secret':{'secretName':'brief'}}]}}");
    assertThat(n1.get("/api/v1/namespaces/default/secrets/brief").code()).isEqualTo(404);

    admin.send("DELETE", "/api/v1/namespaces/default/pods/brief?gracePeriodSeconds=0", "");

    assertThat(n1.get("/api/v1/namespaces/default/secrets/brief").code()).isEqualTo(403);
  }

  @Test
  void aNodeDeletesOnlyPodsOfItsOwn() throws Exception {
    Wire.Answer refused =
        n1.send("DELETE", "/api/v1/namespaces/default/pods/other?gracePeriodSeconds=0", "");

    assertThat(refused.code()).isEqualTo(403);
    assertThat(refused.message()).contains("node \"n1\" can only delete pods");
    assertThat(admin.get("/api/v1/namespaces/default/pods/other").code()).isEqualTo(200);
  }

  @Test
  void aNodeIsOneOnlyInItsGroup() throws Exception {
    assertThat(Acting.as(admin, "system:node:n1").get("/api/v1/nodes/n1").code()).isEqualTo(403);
  }
}
