package dev.tiphys.scheduler;

import static dev.tiphys.scheduler.TestCluster.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.world.SupervisedTask;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The scheduler with the rights that the API servers of older versions give it: these know of no
/// device claims, and let it see no VolumeAttachments.
class RightsTest {

  private static final GroupVersion RBAC = GroupVersion.parse("rbac.authorization.k8s.io/v1");
  private static final ApiResource ROLES =
      new ApiResource(RBAC, "clusterroles", "ClusterRole", false);
  private static final ApiResource BINDINGS =
      new ApiResource(RBAC, "clusterrolebindings", "ClusterRoleBinding", false);

  /// What it may see, by API groups.
  private static final List<String> SEEN =
      List.of(
          "'' nodes pods namespaces services replicationcontrollers persistentvolumes"
              + " persistentvolumeclaims",
          "'apps' replicasets statefulsets",
          "'policy' poddisruptionbudgets",
          "'storage.k8s.io' storageclasses csinodes csidrivers csistoragecapacities");

  private final TestCluster cluster = new TestCluster(1);

  @BeforeEach
  void startWithFewRights() {
    List<Struct> rules = new ArrayList<>();
    for (String group : SEEN) {
      String[] words = group.split(" ");
      String resources = "'" + String.join("','", List.of(words).subList(1, words.length)) + "'";
      rules.add(rule(words[0], resources, "'get','list','watch'"));
    }
    rules.add(rule("'','events.k8s.io'", "'events'", "'create','patch','update'"));
    rules.add(rule("''", "'pods'", "'delete'"));
    rules.add(rule("''", "'bindings','pods/binding'", "'create'"));
    rules.add(rule("''", "'pods/status'", "'patch','update'"));
    rules.add(rule("''", "'persistentvolumes','persistentvolumeclaims'", "'patch','update'"));
    cluster.api.create(ROLES, json("{'metadata':{'name':'old'}}").with("rules", rules));
    cluster.api.create(
        BINDINGS,
        json(
            "{'metadata':{'name':'old'},'roleRef':{'apiGroup':'rbac.authorization.k8s.io','kind':"
                + "'ClusterRole','name':'old'},'subjects':[{'kind':'User','apiGroup':"
                + "'rbac.authorization.k8s.io','name':'old-scheduler'}]}"));
    cluster.settle();
    cluster.restartAs(UserInfo.of("old-scheduler", UserInfo.AUTHENTICATED));
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  private static Struct rule(String groups, String resources, String verbs) {
    return json(
        "{'apiGroups':[" + groups + "],'resources':[" + resources + "],'verbs':[" + verbs + "]}");
  }

  @Test
  void itPlacesPodsAndMakesRoomForThem() {
    cluster.api.create(
        ApiResource.PRIORITY_CLASSES, json("{'metadata':{'name':'high'},'value':1000}"));
    cluster.nodes(1);
    cluster.podWithCpu("low", "3", "");
    cluster.settle();
    assertThat(cluster.nodeOf("low")).isEqualTo("node-0");
    assertThat(cluster.events("low"))
        .containsExactly("Scheduled: Successfully assigned default/low to node-0");

    cluster.podWithCpu("high", "3", "'priorityClassName':'high'");
    cluster.settle();
    assertThat(Meta.of(cluster.find("low")).isBeingDeleted()).isTrue();
    cluster.delete("low");
    cluster.settle();
    assertThat(cluster.nodeOf("high")).isEqualTo("node-0");
  }

  @Test
  void whatItMayNotSeeIsReported() {
    cluster.nodes(1);
    cluster.settle();

    assertThat(
            cluster.world.supervisor().reports().stream()
                .filter(report -> report.problem().contains("old-scheduler"))
                .map(SupervisedTask.Report::name))
        .contains("informer-resourceclaims", "informer-volumeattachments");
  }
}
