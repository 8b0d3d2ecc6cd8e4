package dev.tiphys.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Requests in the name of others. `ann` of the token `master` may act as anybody, `bob` of the
/// token `plain` as the user `eve`, the group `staff`, the uid `7`, the extra `scopes` with the
/// value `view`, and service accounts of the namespace `default`.
class ImpersonationTest {

  private static final String RBAC = "/apis/rbac.authorization.k8s.io/v1/";
  private static final String SELF = "/apis/authentication.k8s.io/v1/selfsubjectreviews";

  private static RunningServer server;
  private static Wire ann;
  private static Wire bob;

  @BeforeAll
  static void start() throws Exception {
    server = new RunningServer();
    ann = new Wire(server);
    bob = new Wire(server, "plain");
    letAllAskAboutThemselves();
    bind(
        "cluster",
        "",
        "{'apiGroups':[''],'resources':['users'],'resourceNames':['eve'],'verbs':['impersonate']},"
            + "{'apiGroups':[''],'resources':['groups'],'resourceNames':['staff'],'verbs':['impersonate']},"
            + "{'apiGroups':['authentication.k8s.io'],'resources':['uids'],'resourceNames':['7'],'verbs':['impersonate']},"
            + "{'apiGroups':['authentication.k8s.io'],'resources':['userextras/scopes'],'resourceNames':['view'],'verbs':['impersonate']}");
    bind(
        "",
        "namespaces/default/",
        "{'apiGroups':[''],'resources':['serviceaccounts'],'verbs':['impersonate']}");
  }

  private static void letAllAskAboutThemselves() throws Exception {
    String group = "'apiGroup':'rbac.authorization.k8s.io'";
    ann.post(
        RBAC + "clusterrolebindings",
        "{'metadata':{'name':'a'},'roleRef':{%s,'kind':'ClusterRole','name':'system:basic-user'},'subjects':[{%s,'kind':'Group','name':'system:unauthenticated'}]}"
            .formatted(group, group));
  }

  private static void bind(String cluster, String place, String rules) throws Exception {
    ann.post(RBAC + place + cluster + "roles", "{'metadata':{'name':'i'},'rules':[" + rules + "]}");
    String kind = cluster.isEmpty() ? "Role" : "ClusterRole";
    String group = "'apiGroup':'rbac.authorization.k8s.io'";
    Wire.Answer bound =
        ann.post(
            RBAC + place + cluster + "rolebindings",
            "{'metadata':{'name':'i'},'roleRef':{%s,'kind':'%s','name':'i'},'subjects':[{%s,'kind':'User','name':'bob'}]}"
                .formatted(group, kind, group));
    assertThat(bound.code()).isEqualTo(201);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Wire.Answer self(Wire wire, String... headers)
      throws IOException, InterruptedException {
    return wire.send("POST", SELF, "{}", headers);
  }

  private static Struct user(String... headers) throws IOException, InterruptedException {
    Wire.Answer answer = self(ann, headers);
    assertThat(answer.code()).isEqualTo(201);
    return answer.json().struct("status", "userInfo");
  }

  @Test
  void allOfAnIdentityIsTakenOver() throws Exception {
    Struct user =
        user(
            "Impersonate-User", "eve",
            "Impersonate-Group", "staff",
            "Impersonate-Group", "other",
            "Impersonate-Uid", "7",
            "Impersonate-Extra-Scopes", "view",
            "Impersonate-Extra-Scopes", "edit",
            "Impersonate-Extra-Acme.com%2Fproject", "x");

    assertThat(user.string("username")).isEqualTo("eve");
    assertThat(user.string("uid")).isEqualTo("7");
    assertThat(user.strings("groups")).containsExactly("staff", "other", "system:authenticated");
    assertThat(user.struct("extra").strings("scopes")).containsExactly("view", "edit");
    assertThat(user.struct("extra").strings("acme.com/project")).containsExactly("x");
  }

  @ParameterizedTest
  @CsvSource({
    "eve,'',system:authenticated",
    "system:anonymous,'',system:unauthenticated",
    "eve,system:unauthenticated,system:unauthenticated",
    "eve,system:authenticated,system:authenticated",
    "system:serviceaccount:a:b,'',system:serviceaccounts|system:serviceaccounts:a|system:authenticated",
    "system:serviceaccount:a:b,g,g|system:authenticated",
  })
  void groupsThatFollowFromTheNameAreAdded(String name, String group, String groups)
      throws Exception {
    Struct user =
        group.isEmpty()
            ? user("Impersonate-User", name)
            : user("Impersonate-User", name, "Impersonate-Group", group);

    assertThat(user.strings("groups")).isEqualTo(List.of(groups.split("\\|")));
  }

  @Test
  void theRightsAreThoseOfTheOtherUser() throws Exception {
    assertThat(ann.get("/api/v1/secrets", "Impersonate-User", "eve").message())
        .isEqualTo(
            "secrets is forbidden: User \"eve\" cannot list resource \"secrets\" in API group \"\""
                + " at the cluster scope");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          Impersonate-User=eve ; ''
          Impersonate-User=eve|Impersonate-Group=staff|Impersonate-Uid=7|Impersonate-Extra-Scopes=view ; ''
          Impersonate-User=system:serviceaccount:default:x ; ''
          Impersonate-User=ann ; users "ann" is forbidden: User "bob" cannot impersonate resource "users" in API group "" at the cluster scope
          Impersonate-User=eve|Impersonate-Group=system:masters ; groups "system:masters" is forbidden: User "bob" cannot impersonate resource "groups" in API group "" at the cluster scope
          Impersonate-User=eve|Impersonate-Group=staff|Impersonate-Group=x ; groups "x" is forbidden: User "bob" cannot impersonate resource "groups" in API group "" at the cluster scope
          Impersonate-User=eve|Impersonate-Uid=8 ; uids.authentication.k8s.io "8" is forbidden: User "bob" cannot impersonate resource "uids" in API group "authentication.k8s.io" at the cluster scope
          Impersonate-User=eve|Impersonate-Extra-Scopes=edit ; userextras.authentication.k8s.io "edit" is forbidden: User "bob" cannot impersonate resource "userextras/scopes" in API group "authentication.k8s.io" at the cluster scope
          Impersonate-User=system:serviceaccount:kube-system:x ; serviceaccounts "x" is forbidden: User "bob" cannot impersonate resource "serviceaccounts" in API group "" in the namespace "kube-system"
          """)
  void eachPartTakesItsOwnRight(String headers, String refusal) throws Exception {
    Wire.Answer answer = self(bob, headers.split("[=|]"));

    assertThat(answer.code()).isEqualTo(refusal.isEmpty() ? 201 : 403);
    if (!refusal.isEmpty()) {
      assertThat(answer.message()).isEqualTo(refusal);
    }
  }

  @ParameterizedTest
  @CsvSource({"Impersonate-Group", "Impersonate-Uid", "Impersonate-Extra-A"})
  void thereMustBeAUser(String header) throws Exception {
    assertThat(self(ann, header, "x").code()).isEqualTo(400);
  }
}
