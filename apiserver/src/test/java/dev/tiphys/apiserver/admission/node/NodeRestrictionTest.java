package dev.tiphys.apiserver.admission.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.apiserver.admission.AdmissionSettings;
import dev.tiphys.apiserver.admission.PluginServer;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the plugin refuses, asked in the name of an agent that authorization lets do anything: the
/// agent is an administrator too.
class NodeRestrictionTest {

  private static final ApiResource SLICES =
      PluginServer.resource("resource.k8s.io/v1", "resourceslices", "ResourceSlice", false);

  private final PluginServer server =
      new PluginServer(AdmissionSettings.DEFAULT.without("ServiceAccount"));

  private final Api n1 =
      server.as("system:node:n1", UserInfo.NODES, UserInfo.MASTERS, UserInfo.AUTHENTICATED);

  private Struct node = Struct.EMPTY;

  @BeforeEach
  void makeNodes() {
    node = server.create(ApiResource.NODES, "{'metadata':{'name':'n1'}}");
    server.create(ApiResource.NODES, "{'metadata':{'name':'n2'}}");
    pod("mine", "n1");
    pod("other", "n2");
  }

  @AfterEach
  void close() {
    server.close();
  }

  private Struct pod(String name, String on) {
    return server.create(
        ApiResource.PODS,
        "{'metadata':{'name':'%s','namespace':'a','labels':{'l':'1'}},'spec':{'nodeName':'%s','serviceAccountName':'s','containers':[{'name':'c','image':'i'}],'volumes':[{'name':'v','projected':{'sources':[{'serviceAccountToken':{'path':'t','audience':'vault'}}]}}]}}"
            .formatted(name, on));
  }

  /// Each attempt at a node's object, by how it is refused.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "n1 | metadata.labels.example~com/x | y | ''",
        "n1 | metadata.labels.kubernetes~io/hostname | y | ''",
        "n1 | metadata.labels.node~kubernetes~io/x | y | ''",
        "n1 | metadata.labels.x~kubelet~kubernetes~io/x | y | ''",
        "n1 | metadata.labels.node-restriction~kubernetes~io/x | y | is not allowed to modify labels: node-restriction.kubernetes.io/x",
        "n1 | metadata.labels.node-role~kubernetes~io/x | y | is not allowed to modify labels: node-role.kubernetes.io/x",
        "n2 | metadata.labels.example~com/x | y | node \"n1\" is not allowed to modify node \"n2\""
      })
  void anAgentLabelsItsOwnNodeAndOnlySo(String name, String path, String value, String problem) {
    String[] fields = path.split("\\.");
    for (int i = 0; i < fields.length; i++) {
      fields[i] = fields[i].replace('~', '.');
    }
    Struct changed = server.api.get(ApiResource.NODES, "", name).withAt(value, fields);

    if (problem.isEmpty()) {
      assertThat(n1.update(ApiResource.NODES, changed).string(fields)).isEqualTo(value);
    } else {
      assertThatThrownBy(() -> n1.update(ApiResource.NODES, changed))
          .hasMessage("nodes \"" + name + "\" is forbidden: " + problem);
    }
  }

  @Test
  void anAgentChangesNeitherTaintsNorOwners() {
    Struct fresh = server.api.get(ApiResource.NODES, "", "n1");

    assertThatThrownBy(() -> n1.update(ApiResource.NODES, fresh.withoutAt("spec", "taints")))
        .hasMessageContaining("node \"n1\" is not allowed to modify taints");
    assertThatThrownBy(
            () ->
                n1.update(
                    ApiResource.NODES,
                    fresh.withAt(
                        List.of(Meta.of(fresh).asController()), "metadata", "ownerReferences")))
        .hasMessageContaining("node \"n1\" is not allowed to modify ownerReferences");
    assertThatThrownBy(() -> n1.delete(ApiResource.NODES, "", "n2", DeleteOptions.DEFAULT))
        .hasMessageContaining("node \"n1\" is not allowed to modify node \"n2\"");
  }

  @Test
  void aNodeRegistersWithHarmlessLabels() {
    server.api.delete(ApiResource.NODES, "", "n1", DeleteOptions.DEFAULT);

    assertThatThrownBy(
            () ->
                n1.create(
                    ApiResource.NODES,
                    PluginServer.json(
                        "{'metadata':{'name':'n1','labels':{'node-role.kubernetes.io/control-plane':''}}}")))
        .hasMessage(
            "nodes \"n1\" is forbidden: node \"n1\" is not allowed to set the following labels:"
                + " node-role.kubernetes.io/control-plane");
    assertThat(
            n1.create(ApiResource.NODES, PluginServer.json("{'metadata':{'name':'n1'}}")).isEmpty())
        .isFalse();
  }

  /// Mirror Pods by what is wrong with them.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "OWNED | MIRROR | n1 | `` | ``",
        "OWNED | `` | n1 | `` | pod does not have \"kubernetes.io/config.mirror\" annotation, node \"n1\" can only create mirror pods",
        "OWNED | MIRROR | n2 | `` | node \"n1\" can only create pods with spec.nodeName set to itself",
        "`` | MIRROR | n1 | `` | node \"n1\" can only create pods with an owner reference set to itself",
        "OTHER | MIRROR | n1 | `` | node n1 UID mismatch: expected UID got x",
        "OWNED | MIRROR | n1 | ,'volumes':[{'name':'v','secret':{'secretName':'s'}}] | node \"n1\" can not create pods that reference secrets",
        "OWNED | MIRROR | n1 | ,'volumes':[{'name':'v','configMap':{'name':'s'}}] | node \"n1\" can not create pods that reference configmaps",
        "OWNED | MIRROR | n1 | ,'volumes':[{'name':'v','persistentVolumeClaim':{'claimName':'s'}}] | node \"n1\" can not create pods that reference persistentvolumeclaims",
        "OWNED | MIRROR | n1 | ,'serviceAccountName':'s' | node \"n1\" can not create pods that reference a service account",
        "OWNED | MIRROR | n1 | ,'resourceClaims':[{'name':'r','resourceClaimName':'x'}] | node \"n1\" can not create pods that reference resourceclaims"
      })
  void anAgentMakesMirrorPodsThatReferToNothing(
      String owner, String mirror, String on, String spec, String problem) {
    String uid = Meta.of(node).uid();
    Map<String, String> owners =
        Map.of(
            "",
            "",
            "OWNED",
            "{'apiVersion':'v1','kind':'Node','name':'n1','uid':'" + uid + "','controller':true}",
            "OTHER",
            "{'apiVersion':'v1','kind':'Node','name':'n1','uid':'x','controller':true}");
    Struct pod =
        PluginServer.json(
            "{'metadata':{'name':'m','namespace':'a','annotations':{%s},'ownerReferences':[%s]},'spec':{'nodeName':'%s','containers':[{'name':'c','image':'i'}]%s}}"
                .formatted(
                    mirror.isEmpty() ? "" : "'kubernetes.io/config.mirror':'x'",
                    owners.get(owner),
                    on,
                    spec));

    if (problem.isEmpty()) {
      assertThat(n1.create(ApiResource.PODS, pod).isEmpty()).isFalse();
    } else {
      assertThatThrownBy(() -> n1.create(ApiResource.PODS, pod))
          .hasMessage("pods \"m\" is forbidden: " + problem.replace("UID got", uid + " got"));
    }
  }

  @Test
  void anAgentTouchesOnlyThePodsOfItsNode() {
    Struct mine = server.api.get(ApiResource.PODS, "a", "mine");
    Struct other = server.api.get(ApiResource.PODS, "a", "other");

    assertThat(n1.update(ApiResource.PODS, phase(mine), "status").string("status", "phase"))
        .isEqualTo("Running");
    assertThatThrownBy(() -> n1.update(ApiResource.PODS, phase(other), "status"))
        .hasMessageContaining(
            "node \"n1\" can only update pod status for pods with spec.nodeName set to itself");
    assertThatThrownBy(
            () ->
                n1.update(
                    ApiResource.PODS, phase(mine).withAt("2", "metadata", "labels", "l"), "status"))
        .hasMessageContaining("node \"n1\" cannot update labels through pod status");
    assertThatThrownBy(
            () -> n1.update(ApiResource.PODS, phase(mine).withAt("2", "metadata", "labels", "l")))
        .hasMessageContaining(
            "unexpected operation \"UPDATE\", node \"n1\" can only create and delete mirror pods");
    assertThatThrownBy(() -> n1.delete(ApiResource.PODS, "a", "other", DeleteOptions.DEFAULT))
        .hasMessage(
            "pods \"other\" is forbidden: node \"n1\" can only delete pods with spec.nodeName set to"
                + " itself");
    assertThatThrownBy(() -> evict("other"))
        .hasMessageContaining("node n1 can only evict pods with spec.nodeName set to itself");
    evict("mine");
  }

  private static Struct phase(Struct pod) {
    return pod.withAt("Running", "status", "phase").withoutAt("metadata", "resourceVersion");
  }

  private void evict(String name) {
    n1.createSubresource(
        ApiResource.PODS,
        "a",
        name,
        "eviction",
        PluginServer.json(
            "{'apiVersion':'policy/v1','kind':'Eviction','metadata':{'name':'%s','namespace':'a'}}"
                .formatted(name)));
  }

  /// Token requests by how they are refused. `UID` stands for the Pod's.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'kind':'Pod','apiVersion':'v1','name':'mine','uid':'UID'} | 'vault' | ''",
        "{} | 'vault' | node requested token not bound to a pod",
        "{'kind':'Pod','apiVersion':'v1','name':'mine'} | 'vault' | node requested token with a pod binding without a uid",
        "{'kind':'Pod','apiVersion':'v1','name':'other','uid':'OTHER'} | 'vault' | node requested token bound to a pod scheduled on a different node",
        "{'kind':'Pod','apiVersion':'v1','name':'mine','uid':'x'} | 'vault' | the UID in the bound object reference (x) does not match the UID in record. The object might have been deleted and then recreated"
      })
  void tokensAreOfPodsOnTheNode(String bound, String audience, String problem) {
    server.create(ApiResource.SERVICE_ACCOUNTS, "{'metadata':{'name':'s','namespace':'a'}}");
    String reference = bound.replace("UID", uidOf("mine")).replace("OTHER", uidOf("other"));

    if (problem.isEmpty()) {
      assertThat(token(n1, reference, audience).string("status", "token")).isNotEmpty();
    } else {
      assertThatThrownBy(() -> token(n1, reference, audience))
          .hasMessage("serviceaccounts \"s\" is forbidden: " + problem);
    }
  }

  private String uidOf(String pod) {
    return Meta.of(server.api.get(ApiResource.PODS, "a", pod)).uid();
  }

  private static Struct token(Api api, String bound, String audience) {
    return api.createSubresource(
        ApiResource.SERVICE_ACCOUNTS,
        "a",
        "s",
        "token",
        PluginServer.json(
            "{'apiVersion':'authentication.k8s.io/v1','kind':'TokenRequest','spec':{'audiences':['%s']%s}}"
                .formatted(audience, bound.equals("{}") ? "" : ",'boundObjectRef':" + bound)));
  }

  @Test
  void leasesDriversAndSlicesAreOfTheNodeItself() {
    server.create(ApiResource.NAMESPACES, "{'metadata':{'name':'kube-node-lease'}}");
    ApiResource csi = PluginServer.resource("storage.k8s.io/v1", "csinodes", "CSINode", false);

    assertThatThrownBy(
            () ->
                n1.create(
                    ApiResource.LEASES,
                    PluginServer.json("{'metadata':{'name':'n1','namespace':'a'}}")))
        .hasMessageContaining("can only access leases in the \"kube-node-lease\" system namespace");
    assertThatThrownBy(
            () ->
                n1.create(
                    ApiResource.LEASES,
                    PluginServer.json("{'metadata':{'name':'n2','namespace':'kube-node-lease'}}")))
        .hasMessageContaining(
            "can only access node lease with the same name as the requesting node");
    assertThat(
            n1.create(
                    ApiResource.LEASES,
                    PluginServer.json("{'metadata':{'name':'n1','namespace':'kube-node-lease'}}"))
                .isEmpty())
        .isFalse();
    assertThatThrownBy(
            () ->
                n1.create(
                    csi, PluginServer.json("{'metadata':{'name':'n2'},'spec':{'drivers':[]}}")))
        .hasMessageContaining("can only access CSINode with the same name as the requesting node");
    assertThatThrownBy(
            () ->
                n1.create(
                    SLICES,
                    PluginServer.json(
                        "{'metadata':{'name':'s'},'spec':{'driver':'d.example.com','nodeName':'n2','pool':{'name':'p','generation':1,'resourceSliceCount':1}}}")))
        .hasMessageContaining(
            "can only create ResourceSlice with the same NodeName as the requesting node");
  }

  @Test
  void othersAreNotBound() {
    Struct other = server.api.get(ApiResource.NODES, "", "n2");
    String[] label = {"metadata", "labels", "node-role.kubernetes.io/x"};

    assertThat(server.api.update(ApiResource.NODES, other.withAt("y", label)).string(label))
        .isEqualTo("y");
  }
}
