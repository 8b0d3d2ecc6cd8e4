package dev.tiphys.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What roles and their bindings allow, and what they do not.
class RolesTest {

  private static final String RBAC = "/apis/rbac.authorization.k8s.io/v1/";
  private static final String ROLES = RBAC + "namespaces/default/roles";
  private static final String BINDINGS = RBAC + "namespaces/default/rolebindings";
  private static final String SECRETS = "/api/v1/namespaces/default/secrets";

  private final RunningServer server = new RunningServer();
  private final Wire admin = new Wire(server);
  private final Acting bob = Acting.as(admin, "bob");

  RolesTest() throws IOException {}

  @AfterEach
  void close() {
    server.close();
  }

  private void role(String path, String name, String rules) throws Exception {
    Wire.Answer answer =
        admin.post(path, "{'metadata':{'name':'" + name + "'},'rules':[" + rules + "]}");
    assertThat(answer.code()).isEqualTo(201);
  }

  private void bind(String path, String name, String kind, String role, String subject)
      throws Exception {
    String reference =
        "{'apiGroup':'rbac.authorization.k8s.io','kind':'" + kind + "','name':'" + role + "'}";
    Wire.Answer answer =
        admin.post(
            path,
            "{'metadata':{'name':'%s'},'roleRef':%s,'subjects':[%s]}"
                .formatted(name, reference, subject));
    assertThat(answer.code()).isEqualTo(201);
  }

  private static String user(String name) {
    return "{'kind':'User','name':'" + name + "','apiGroup':'rbac.authorization.k8s.io'}";
  }

  private void allow(String rules) throws Exception {
    role(ROLES, "r", rules);
    bind(BINDINGS, "b", "Role", "r", user("bob"));
  }

  private static final String ALL_SECRETS =
      "{'apiGroups':[''],'resources':['secrets'],'verbs':['*']}";

  @Test
  void aRoleIsGoodInItsNamespaceOnly() throws Exception {
    allow(ALL_SECRETS);

    assertThat(bob.get(SECRETS).code()).isEqualTo(200);
    assertThat(bob.get("/api/v1/namespaces/kube-system/secrets").message())
        .isEqualTo(
            "secrets is forbidden: User \"bob\" cannot list resource \"secrets\" in API group \"\""
                + " in the namespace \"kube-system\"");
    assertThat(bob.get("/api/v1/secrets").code()).isEqualTo(403);
    assertThat(bob.get("/api/v1/namespaces/default/pods").code()).isEqualTo(403);
  }

  @Test
  void aClusterRoleIsGoodWhereItIsBound() throws Exception {
    role(RBAC + "clusterroles", "r", ALL_SECRETS);
    bind(BINDINGS, "b", "ClusterRole", "r", user("bob"));
    bind(RBAC + "clusterrolebindings", "b", "ClusterRole", "r", user("eve"));

    assertThat(bob.get(SECRETS).code()).isEqualTo(200);
    assertThat(bob.get("/api/v1/secrets").code()).isEqualTo(403);
    assertThat(Acting.as(admin, "eve").get("/api/v1/secrets").code()).isEqualTo(200);
  }

  @Test
  void whatChangesIsGoodFromTheNextRequestOn() throws Exception {
    allow(ALL_SECRETS);
    assertThat(bob.get(SECRETS).code()).isEqualTo(200);

    admin.patch(
        "merge-patch",
        ROLES + "/r",
        "{'rules':[{'apiGroups':[''],'resources':['pods'],'verbs':['list']}]}");
    assertThat(bob.get(SECRETS).code()).isEqualTo(403);
    assertThat(bob.get("/api/v1/namespaces/default/pods").code()).isEqualTo(200);

    admin.delete(BINDINGS + "/b", "");
    assertThat(bob.get("/api/v1/namespaces/default/pods").code()).isEqualTo(403);
  }

  @ParameterizedTest
  @CsvSource({
    "'{\"kind\":\"Group\",\"name\":\"team\",\"apiGroup\":\"rbac.authorization.k8s.io\"}', bob, team",
    "'{\"kind\":\"ServiceAccount\",\"name\":\"app\",\"namespace\":\"x\"}', system:serviceaccount:x:app, system:serviceaccounts",
    "'{\"kind\":\"Group\",\"name\":\"system:serviceaccounts:x\",\"apiGroup\":\"rbac.authorization.k8s.io\"}', system:serviceaccount:x:app, system:serviceaccounts:x",
  })
  void groupsAndServiceAccountsAreSubjectsToo(String subject, String user, String group)
      throws Exception {
    role(ROLES, "r", ALL_SECRETS);
    bind(BINDINGS, "b", "Role", "r", subject);

    assertThat(Acting.as(admin, user, group).get(SECRETS).code()).isEqualTo(200);
    assertThat(Acting.as(admin, "else", "others").get(SECRETS).code()).isEqualTo(403);
  }

  @ParameterizedTest
  @CsvSource({
    "'',403",
    "?fieldSelector=metadata.name%3Done,200",
    "?fieldSelector=metadata.name%3Dtwo,403",
    "?fieldSelector=metadata.name!%3Done,403",
    "'?fieldSelector=metadata.name%3Done,metadata.namespace%3Ddefault',200",
    "?watch=1&timeoutSeconds=1,403",
    "?watch=1&timeoutSeconds=1&fieldSelector=metadata.name%3Done,200",
    "?watch=1&timeoutSeconds=1&fieldSelector=metadata.name%3Dtwo,403",
    "/one,404",
    "/two,403"
  })
  void namesInARuleLimitListsAndWatchesToThatObject(String query, int code) throws Exception {
    allow(
        "{'apiGroups':[''],'resources':['secrets'],'resourceNames':['one'],"
            + "'verbs':['get','list','watch']}");

    assertThat(bob.get(SECRETS + query).code()).isEqualTo(code);
  }

  @Test
  void aListThatPinsANameHasOnlyThatObject() throws Exception {
    allow("{'apiGroups':[''],'resources':['secrets'],'resourceNames':['one'],'verbs':['list']}");
    admin.post(SECRETS, "{'metadata':{'name':'one'}}");
    admin.post(SECRETS, "{'metadata':{'name':'two'}}");

    assertThat(bob.get(SECRETS + "?fieldSelector=metadata.name%3Done").json().structs("items"))
        .singleElement()
        .satisfies(item -> assertThat(item.string("metadata", "name")).isEqualTo("one"));
  }

  @ParameterizedTest
  @CsvSource({
    "*/scale, GET, /apis/apps/v1/namespaces/default/deployments/x/scale, 404",
    "*/scale, GET, /apis/apps/v1/namespaces/default/deployments/x, 403",
    "deployments, GET, /apis/apps/v1/namespaces/default/deployments/x/scale, 403",
    "deployments/*, GET, /apis/apps/v1/namespaces/default/deployments/x/scale, 403",
    "*, GET, /apis/apps/v1/namespaces/default/deployments/x/scale, 404",
    "pods/log, GET, /api/v1/namespaces/default/pods/x/log, 404",
    "pods, GET, /api/v1/namespaces/default/pods/x/log, 403",
    "services/proxy, GET, /api/v1/namespaces/default/services/x/proxy/, 503",
    "services, GET, /api/v1/namespaces/default/services/x/proxy/, 403",
  })
  void subresourcesAreAllowedByThemselves(String resource, String method, String path, int code)
      throws Exception {
    allow("{'apiGroups':['','apps'],'resources':['" + resource + "'],'verbs':['get']}");

    int answered = bob.send(method, path, "").code();
    assertThat(answered == 403).isEqualTo(code == 403);
  }

  @ParameterizedTest
  @CsvSource({"get,403", "create,403", "'get,create',404"})
  void aSessionTakesTheRightToCreateItHoweverItIsOpened(String verbs, int code) throws Exception {
    allow(
        "{'apiGroups':[''],'resources':['pods/exec'],'verbs':['"
            + verbs.replace(",", "','")
            + "']}");

    assertThat(bob.get("/api/v1/namespaces/default/pods/x/exec?command=a").code()).isEqualTo(code);
  }

  @Test
  void deletingACollectionIsAVerbOfItsOwn() throws Exception {
    allow("{'apiGroups':[''],'resources':['secrets'],'verbs':['delete']}");

    assertThat(bob.send("DELETE", SECRETS + "/x", "").code()).isEqualTo(404);
    assertThat(bob.send("DELETE", SECRETS, "").message()).contains("cannot deletecollection");
  }

  @ParameterizedTest
  @CsvSource({"/logs/*,true", "/logs,false", "/lo*,true", "*,true", "/logs/a,true", "/log/*,false"})
  void pathsMayEndInAStar(String pattern, boolean allowed) throws Exception {
    role(RBAC + "clusterroles", "r", "{'nonResourceURLs':['" + pattern + "'],'verbs':['get']}");
    bind(RBAC + "clusterrolebindings", "b", "ClusterRole", "r", user("bob"));

    assertThat(bob.get("/logs/a").code() != 403).isEqualTo(allowed);
    assertThat(bob.post("/logs/a", "").code()).isEqualTo(403);
  }

  @Test
  void aRefusalNamesRolesThatAreMissing() throws Exception {
    bind(RBAC + "clusterrolebindings", "b", "ClusterRole", "x", user("bob"));
    assertThat(bob.get(SECRETS).message())
        .isEqualTo(
            "secrets is forbidden: User \"bob\" cannot list resource \"secrets\" in API group \"\""
                + " in the namespace \"default\": RBAC: clusterrole.rbac.authorization.k8s.io"
                + " \"x\" not found");

    bind(BINDINGS, "b", "Role", "y", user("bob"));
    assertThat(bob.get(SECRETS).message())
        .endsWith(
            ": RBAC: [clusterrole.rbac.authorization.k8s.io \"x\" not found,"
                + " role.rbac.authorization.k8s.io \"y\" not found]");
  }

  @ParameterizedTest
  @CsvSource({
    "/version,200,200",
    "/healthz,200,200",
    "/livez,200,200",
    "/api,403,200",
    "/apis,403,200",
    "/apis/apps/v1,403,200",
    "/openapi/v3,403,200",
    "/metrics,403,403",
  })
  void whatAllMaySee(String path, int anonymous, int authenticated) throws Exception {
    assertThat(new Wire(server, "").get(path).code()).isEqualTo(anonymous);
    assertThat(bob.get(path).code()).isEqualTo(authenticated);
  }

  @Test
  void discoveryIsForUsersWithAProvenIdentity() throws Exception {
    assertThat(new Wire(server, "").get("/api").message())
        .isEqualTo("forbidden: User \"system:anonymous\" cannot get path \"/api\"");
  }
}
