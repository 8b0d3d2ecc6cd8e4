package dev.tiphys.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Acting as others in some requests only: the sender may list ConfigMaps in this way, and nothing
/// else. What the others may do by themselves is another matter: all may list ConfigMaps.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConstrainedImpersonationTest {

  private static final String RBAC = "/apis/rbac.authorization.k8s.io/v1/";
  private static final String MAPS = "/api/v1/namespaces/default/configmaps";
  private static final String GROUP = "'apiGroup':'rbac.authorization.k8s.io'";

  private RunningServer server;
  private Wire admin;

  @BeforeAll
  void start() throws Exception {
    server = new RunningServer();
    admin = new Wire(server);
    bind("all", "Group", "system:authenticated", rule("", "configmaps|secrets", "", "list"));
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private static String list(String joined) {
    List<String> quoted = new ArrayList<>();
    for (String each : joined.split("\\|", -1)) {
      quoted.add("'" + each + "'");
    }
    return quoted.toString();
  }

  private static String rule(String group, String resources, String names, String verb) {
    return "{'apiGroups':%s,'resources':%s,%s'verbs':['%s']}"
        .formatted(
            list(group),
            list(resources),
            names.isEmpty() ? "" : "'resourceNames':" + list(names) + ",",
            verb);
  }

  private void bind(String name, String kind, String subject, String... rules) throws Exception {
    admin.post(
        RBAC + "clusterroles",
        "{'metadata':{'name':'%s'},'rules':[%s]}".formatted(name, String.join(",", rules)));
    Wire.Answer bound =
        admin.post(
            RBAC + "clusterrolebindings",
            "{'metadata':{'name':'%s'},'roleRef':{%s,'kind':'ClusterRole','name':'%s'},'subjects':[{%s,'kind':'%s','name':'%s'}]}"
                .formatted(name, GROUP, name, GROUP, kind, subject));
    assertThat(bound.code()).as(bound.text()).isEqualTo(201);
  }

  private static String authentication(String mode, String resources, String names) {
    return rule("authentication.k8s.io", resources, names, "impersonate:" + mode);
  }

  /// A sender that may act in one mode as one user, in lists of ConfigMaps.
  private Wire sender(String name, String mode, String... rights) throws Exception {
    List<String> rules = new ArrayList<>(List.of(rights));
    rules.add(rule("", "configmaps", "", "impersonate-on:" + mode + ":list"));
    bind(name, "User", name, rules.toArray(String[]::new));
    return new Wire(server.withCertificate(name));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          # the mode; the right; the headers
          user-info; users eve; Impersonate-User=eve
          user-info; users eve|groups a; Impersonate-User=eve|Impersonate-Group=a
          user-info; users eve|groups *; Impersonate-User=eve|Impersonate-Group=a|Impersonate-Group=b|Impersonate-Group=c|Impersonate-Group=d
          user-info; users eve|uids 7; Impersonate-User=eve|Impersonate-Uid=7
          user-info; users eve|userextras/acme.com/project x; Impersonate-User=eve|Impersonate-Extra-Acme.com%2Fproject=x
          user-info; users system:anonymous; Impersonate-User=system:anonymous|Impersonate-Group=system:authenticated
          serviceaccount; serviceaccounts app; Impersonate-User=system:serviceaccount:default:app
          arbitrary-node; nodes n1; Impersonate-User=system:node:n1
          """)
  void twoRightsAreEnough(String mode, String rights, String headers) throws Exception {
    List<String> rules = new ArrayList<>();
    for (String right : rights.split("\\|")) {
      String[] parts = right.split(" ");
      rules.add(authentication(mode, parts[0], parts[1]));
    }
    if (headers.contains("Impersonate-Group=system:authenticated")) {
      rules.add(authentication(mode, "groups", "system:authenticated"));
    }
    Wire sender =
        sender("sender-" + Math.abs(headers.hashCode()), mode, rules.toArray(String[]::new));
    String[] asOther = headers.split("[=|]");

    Wire.Answer allowed = sender.get(MAPS, asOther);
    assertThat(allowed.code()).as(allowed.text()).isEqualTo(200);
    Wire.Answer other = sender.get("/api/v1/namespaces/default/secrets", asOther);
    assertThat(other.code()).isEqualTo(403);
    assertThat(other.message()).contains("cannot impersonate-on:" + mode + ":list resource");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          Impersonate-User=bob ; users.authentication.k8s.io "bob" is forbidden: User "limited" cannot impersonate:user-info resource "users" in API group "authentication.k8s.io" at the cluster scope
          Impersonate-User=eve|Impersonate-Group=system:masters ; groups.authentication.k8s.io "system:masters" is forbidden: User "limited" cannot impersonate:user-info resource "groups" in API group "authentication.k8s.io" at the cluster scope: impersonating the system:masters group is not allowed
          Impersonate-User=eve|Impersonate-Group= ; groups.authentication.k8s.io is forbidden: User "limited" cannot impersonate:user-info resource "groups" in API group "authentication.k8s.io" at the cluster scope: impersonating the empty string group is not allowed
          Impersonate-User=eve|Impersonate-Uid=8 ; uids.authentication.k8s.io "8" is forbidden: User "limited" cannot impersonate:user-info resource "uids" in API group "authentication.k8s.io" at the cluster scope
          Impersonate-User=eve|Impersonate-Extra-Scopes=x ; userextras.authentication.k8s.io is forbidden: User "limited" cannot impersonate:user-info resource "userextras" in API group "authentication.k8s.io" at the cluster scope: impersonating an invalid key in extra is not allowed: extra.key: Invalid value: "scopes": must be a domain-prefixed path (such as "acme.io/foo")
          Impersonate-User=eve|Impersonate-Extra-Acme.com%2FA= ; userextras.authentication.k8s.io is forbidden: User "limited" cannot impersonate:user-info resource "userextras" in API group "authentication.k8s.io" at the cluster scope: impersonating the empty string value in extra is not allowed
          Impersonate-User=system:node:n1 ; configmaps is forbidden: User "limited" cannot impersonate-on:arbitrary-node:list resource "configmaps" in API group "" in the namespace "default"
          Impersonate-User=system:serviceaccount:default:app ; configmaps is forbidden: User "limited" cannot impersonate-on:serviceaccount:list resource "configmaps" in API group "" in the namespace "default"
          """)
  void oneRightIsNotAnother(String headers, String refusal) throws Exception {
    if (admin.get(RBAC + "clusterroles/limited").code() == 404) {
      sender(
          "limited",
          "user-info",
          authentication("user-info", "users", "eve"),
          authentication("user-info", "groups", ""));
    }
    Wire sender = new Wire(server.withCertificate("limited"));

    Wire.Answer refused = sender.get(MAPS, headers.split("[=|]", -1));

    assertThat(refused.code()).as(refused.text()).isEqualTo(403);
    assertThat(refused.message()).isEqualTo(refusal);
  }

  /// The right to act as a user in everything goes before the others.
  @Test
  void theOldRightIsStillEnough() throws Exception {
    bind("old", "User", "old", rule("", "users", "eve", "impersonate"));
    Wire sender = new Wire(server.withCertificate("old"));

    assertThat(sender.get(MAPS, "Impersonate-User", "bob").message())
        .startsWith("configmaps is forbidden: User \"old\" cannot impersonate-on:user-info:list");
    assertThat(sender.get(MAPS, "Impersonate-User", "eve").code()).isEqualTo(200);
    assertThat(sender.get(MAPS, "Impersonate-User", "bob").message())
        .as("the mode that was used last is asked first")
        .startsWith("users \"bob\" is forbidden: User \"old\" cannot impersonate resource");
  }

  @Test
  void anAccountActsAsTheNodeOfItsPod() throws Exception {
    bind(
        "agents",
        "Group",
        "system:serviceaccounts:agents",
        authentication("associated-node", "nodes", "*"),
        rule("", "configmaps", "", "impersonate-on:associated-node:list"));
    String[] asNode = {
      "X-Remote-User", "system:serviceaccount:agents:a",
      "X-Remote-Group", "system:serviceaccounts:agents",
      "X-Remote-Extra-Authentication.kubernetes.io%2Fnode-name", "n1",
      "Impersonate-User", "system:node:n1"
    };
    Wire proxy = new Wire(server.withFrontProxy());

    Wire.Answer own = proxy.post("/apis/authentication.k8s.io/v1/selfsubjectreviews", "{}", asNode);
    assertThat(own.code()).as("not what the account may do as the node").isEqualTo(403);
    assertThat(proxy.get(MAPS, asNode).code()).isEqualTo(200);
    asNode[7] = "system:node:n2";
    assertThat(proxy.get(MAPS, asNode).message())
        .contains("cannot impersonate-on:arbitrary-node:list");
  }

  @Test
  void whatIsMissingIsShown() throws Exception {
    assertThat(admin.get(MAPS, "Impersonate-Group", "a", "Impersonate-Uid", "7").message())
        .isEqualTo(
            "requested &user.DefaultInfo{Name:\"\", UID:\"7\", Groups:[]string{\"a\"},"
                + " Extra:map[string][]string(nil)} without impersonating a user name");
  }
}
