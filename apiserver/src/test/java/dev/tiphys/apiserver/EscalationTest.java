package dev.tiphys.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Nobody gives away rights without having them. `bob` may write roles and bindings, and read Pods
/// in the namespace `default`.
class EscalationTest {

  private static final String RBAC = "/apis/rbac.authorization.k8s.io/v1/";
  private static final String ROLES = RBAC + "namespaces/default/roles";
  private static final String BINDINGS = RBAC + "namespaces/default/rolebindings";
  private static final String PODS = "{'apiGroups':[''],'resources':['pods'],'verbs':['get']}";
  private static final String SECRETS =
      "{'apiGroups':[''],'resources':['secrets'],'verbs':['get','list']}";

  private final RunningServer server = new RunningServer();
  private final Wire admin = new Wire(server);
  private final Acting bob = Acting.as(admin, "bob");

  EscalationTest() throws IOException {}

  @AfterEach
  void close() {
    server.close();
  }

  @BeforeEach
  void allow() throws Exception {
    give(
        "writer",
        "{'apiGroups':['rbac.authorization.k8s.io'],'resources':['roles','rolebindings'],"
            + "'verbs':['get','create','update','patch']}");
    give("reader", PODS);
  }

  private void give(String name, String rule) throws Exception {
    admin.post(ROLES, role(name, rule));
    admin.post(BINDINGS, binding(name, "Role", name));
  }

  private static String role(String name, String rule) {
    return "{'apiVersion':'rbac.authorization.k8s.io/v1','kind':'Role','metadata':{'name':'"
        + name
        + "','namespace':'default'},'rules':["
        + rule
        + "]}";
  }

  private static String binding(String name, String kind, String role) {
    String group = "'apiGroup':'rbac.authorization.k8s.io'";
    return "{'metadata':{'name':'%s'},'roleRef':{%s,'kind':'%s','name':'%s'},'subjects':[{%s,'kind':'User','name':'bob'}]}"
        .formatted(name, group, kind, role, group);
  }

  private static final String REFUSAL =
      "roles.rbac.authorization.k8s.io \"x\" is forbidden: user \"bob\""
          + " (groups=[\"system:authenticated\"]) is attempting to grant RBAC permissions not"
          + " currently held:\n"
          + "{APIGroups:[\"\"], Resources:[\"secrets\"], Verbs:[\"get\" \"list\"]}";

  @Test
  void aRoleGivesNoMoreThanItsWriterHas() throws Exception {
    assertThat(bob.post(ROLES, role("y", PODS)).code()).isEqualTo(201);

    Wire.Answer refused = bob.post(ROLES, role("x", PODS + "," + SECRETS));
    assertThat(refused.code()).isEqualTo(403);
    assertThat(refused.message()).isEqualTo(REFUSAL);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PUT", "merge-patch", "json-patch", "apply-patch"})
  void noWayOfWritingLeadsAroundThat(String way) throws Exception {
    assertThat(bob.post(ROLES, role("x", PODS)).code()).isEqualTo(201);
    String path = ROLES + "/x";
    Wire.Answer answer =
        switch (way) {
          case "PUT" -> bob.send("PUT", path, role("x", SECRETS));
          case "json-patch" ->
              bob.send(
                  "PATCH",
                  path,
                  "[{'op':'replace','path':'/rules','value':[" + SECRETS + "]}]",
                  "Content-Type",
                  "application/json-patch+json");
          case "apply-patch" ->
              bob.send(
                  "PATCH",
                  path + "?fieldManager=m&force=true",
                  role("x", SECRETS),
                  "Content-Type",
                  "application/apply-patch+yaml");
          default ->
              bob.send(
                  "PATCH",
                  path,
                  "{'rules':[" + SECRETS + "]}",
                  "Content-Type",
                  "application/merge-patch+json");
        };

    assertThat(answer.code()).isEqualTo(403);
    assertThat(answer.message()).isEqualTo(REFUSAL);
    Wire.Answer created =
        bob.send(
            "PATCH",
            ROLES + "/new?fieldManager=m",
            role("new", SECRETS),
            "Content-Type",
            "application/apply-patch+yaml");
    assertThat(created.code()).isEqualTo(403);
  }

  @Test
  void whatDoesNotChangeIsNotLookedAt() throws Exception {
    admin.post(ROLES, role("x", SECRETS));

    Wire.Answer same =
        bob.send(
            "PATCH",
            ROLES + "/x",
            "{'metadata':{'finalizers':['a/b']}}",
            "Content-Type",
            "application/merge-patch+json");
    assertThat(same.code()).isEqualTo(200);
  }

  @Test
  void theRightToEscalateIsEnough() throws Exception {
    give(
        "escalator",
        "{'apiGroups':['rbac.authorization.k8s.io'],'resources':['roles'],'verbs':['escalate']}");

    assertThat(bob.post(ROLES, role("x", SECRETS)).code()).isEqualTo(201);
  }

  @Test
  void aBindingGivesNoMoreThanItsWriterHas() throws Exception {
    admin.post(ROLES, role("x", SECRETS));
    admin.post(ROLES, role("y", PODS));

    assertThat(bob.post(BINDINGS, binding("y", "Role", "y")).code()).isEqualTo(201);
    assertThat(bob.post(BINDINGS, binding("x", "Role", "x")).message())
        .isEqualTo(REFUSAL.replace("roles.", "rolebindings."));
    assertThat(bob.post(BINDINGS, binding("z", "ClusterRole", "cluster-admin")).message())
        .endsWith(
            "not currently held:\n"
                + "{APIGroups:[\"*\"], Resources:[\"*\"], Verbs:[\"*\"]}\n"
                + "{NonResourceURLs:[\"*\"], Verbs:[\"*\"]}");
  }

  @Test
  void theRightToBindTheRoleIsEnough() throws Exception {
    admin.post(ROLES, role("x", SECRETS));
    admin.post(ROLES, role("z", SECRETS));
    give(
        "binder",
        "{'apiGroups':['rbac.authorization.k8s.io'],'resources':['roles'],'verbs':['bind'],"
            + "'resourceNames':['x']}");

    assertThat(bob.post(BINDINGS, binding("z", "Role", "z")).code()).isEqualTo(403);
    assertThat(bob.post(BINDINGS, binding("x", "Role", "x")).code()).isEqualTo(201);
  }

  @Test
  void aBindingToARoleThatIsMissingCannotBeJudged() throws Exception {
    Wire.Answer answer = bob.post(BINDINGS, binding("x", "ClusterRole", "nothing"));

    assertThat(answer.code()).isEqualTo(404);
    assertThat(answer.message())
        .isEqualTo("clusterroles.rbac.authorization.k8s.io \"nothing\" not found");
  }

  @Test
  void gatheringTakesTheRightToEverything() throws Exception {
    String rules =
        "{'apiGroups':['rbac.authorization.k8s.io'],'resources':['clusterroles'],'verbs':['create']}";
    admin.post(RBAC + "clusterroles", "{'metadata':{'name':'w'},'rules':[" + rules + "]}");
    admin.post(RBAC + "clusterrolebindings", binding("w", "ClusterRole", "w"));

    Wire.Answer answer =
        bob.post(
            RBAC + "clusterroles",
            "{'metadata':{'name':'g'},'aggregationRule':{'clusterRoleSelectors':[{'matchLabels':{'a':'b'}}]},'rules':[]}");
    assertThat(answer.code()).isEqualTo(403);
    assertThat(answer.message())
        .isEqualTo(
            "clusterroles.rbac.authorization.k8s.io \"g\" is forbidden: must have cluster-admin"
                + " privileges to use the aggregationRule");
  }
}
