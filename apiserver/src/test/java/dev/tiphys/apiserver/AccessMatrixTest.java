package dev.tiphys.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.schema.Resource;
import dev.tiphys.schema.ResourceTable;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Every verb of every resource, in a namespace and in the whole cluster, by users of each sort:
/// what is answered is what follows from the default roles, worked out here in the plainest way.
///
/// No object has the name that is asked for, and no content makes sense: what is allowed fails
/// otherwise than by a refusal, and nothing changes.
class AccessMatrixTest {

  private static final String RBAC = "/apis/rbac.authorization.k8s.io/v1/";
  private static final String NAME = "nothing";

  private static RunningServer server;
  private static Wire admin;
  private static Struct defaults;

  @BeforeAll
  static void start() throws Exception {
    server = new RunningServer();
    admin = new Wire(server);
    try (InputStream in = ApiServer.class.getResourceAsStream("bootstrap/roles.json")) {
      defaults = Json.struct(in.readAllBytes()).struct("clusterRoles");
    }
    // what the controller does that gathers rules
    Wire.Answer filled =
        admin.patch(
            "merge-patch",
            RBAC + "clusterroles/admin",
            Struct.of("rules", List.copyOf(gathered("admin"))).toString());
    assertThat(filled.code()).isEqualTo(200);
    String group = "'apiGroup':'rbac.authorization.k8s.io'";
    bind(
        "namespaces/default/rolebindings",
        "admin",
        "{" + group + ",'kind':'User','name':'namespaced'}");
    bind("clusterrolebindings", "cluster-admin", "{" + group + ",'kind':'User','name':'boss'}");
  }

  private static void bind(String plural, String role, String subject) throws Exception {
    Wire.Answer answer =
        admin.post(
            RBAC + plural,
            "{'metadata':{'name':'m'},'roleRef':{'apiGroup':'rbac.authorization.k8s.io','kind':'ClusterRole','name':'%s'},'subjects':[%s]}"
                .formatted(role, subject));
    assertThat(answer.code()).isEqualTo(201);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /// The rules of a role, with those that it gathers.
  private static Set<Struct> gathered(String role) {
    Struct entry = defaults.struct(role);
    Set<Struct> rules = new LinkedHashSet<>(entry.structs("rules"));
    for (Struct selector : entry.structs("aggregate")) {
      for (String other : defaults.names()) {
        Struct labels = defaults.struct(other, "labels");
        if (!labels.isEmpty()
            && selector.names().stream()
                .allMatch(key -> labels.string(key).equals(selector.string(key)))) {
          rules.addAll(gathered(other));
        }
      }
    }
    return rules;
  }

  private static boolean has(Struct rule, String field, String value) {
    return rule.strings(field).contains("*") || rule.strings(field).contains(value);
  }

  private static boolean byRole(String role, Case each) {
    return gathered(role).stream()
        .anyMatch(
            rule ->
                has(rule, "verbs", each.verb)
                    && has(rule, "apiGroups", each.resource.group())
                    && (has(rule, "resources", each.plural())
                        || !each.subresource.isEmpty()
                            && rule.strings("resources").contains("*/" + each.subresource))
                    && !rule.has("resourceNames"));
  }

  /// One thing to try.
  private record Case(Resource resource, String subresource, String verb, String namespace) {
    String plural() {
      return subresource.isEmpty() ? resource.plural() : resource.plural() + "/" + subresource;
    }

    boolean isNamed() {
      return switch (verb) {
        case "list", "watch", "deletecollection" -> false;
        case "create" -> !subresource.isEmpty();
        default -> true;
      };
    }

    String method() {
      return switch (verb) {
        case "create" -> "POST";
        case "update" -> "PUT";
        case "patch" -> "PATCH";
        case "delete", "deletecollection" -> "DELETE";
        default -> "GET";
      };
    }

    String path() {
      String root = resource.group().isEmpty() ? "/api/" : "/apis/";
      String path = root + resource.groupVersion() + "/";
      path += namespace.isEmpty() ? "" : "namespaces/" + namespace + "/";
      path += resource.plural() + (isNamed() ? "/" + NAME : "");
      path += subresource.isEmpty() ? "" : "/" + subresource;
      return path
          + (verb.equals("watch") ? "?watch=1&resourceVersion=x" : "")
          + (verb.equals("deletecollection") ? "?dryRun=All" : "");
    }
  }

  private static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (Resource resource : ResourceTable.builtIn()) {
      resource.verbs().forEach(verb -> add(cases, resource, "", verb));
      for (Resource.Subresource below : resource.subresources()) {
        below.verbs().forEach(verb -> add(cases, resource, below.name(), verb));
      }
    }
    return cases;
  }

  private static void add(List<Case> cases, Resource resource, String subresource, String verb) {
    if (!resource.namespaced()) {
      cases.add(new Case(resource, subresource, verb, ""));
      return;
    }
    cases.add(new Case(resource, subresource, verb, "default"));
    cases.add(new Case(resource, subresource, verb, "kube-system"));
    if (verb.equals("list") || verb.equals("watch")) {
      cases.add(new Case(resource, subresource, verb, ""));
    }
  }

  private static boolean isAllowed(String user, Case each) {
    boolean anybody = byRole("system:basic-user", each);
    return switch (user) {
      case "anonymous" -> false;
      case "ordinary" -> anybody;
      case "namespaced" -> anybody || isIn(each) && byRole("admin", each);
      case "node" -> anybody || byNode(each);
      case "boss" -> true;
      default -> throw new IllegalArgumentException(user);
    };
  }

  /// Whether it is in the namespace that the namespaced user administers. Namespaces count as being
  /// in themselves, and the one that is asked for is another one.
  private static boolean isIn(Case each) {
    return each.namespace.equals("default");
  }

  /// What nodes may do is less than their role says wherever objects belong to one node.
  private static boolean byNode(Case each) {
    boolean creates = each.verb.equals("create");
    boolean updates = each.verb.equals("update") || each.verb.equals("patch");
    return switch (each.resource.groupResource() + "/" + each.subresource) {
      case "secrets/",
          "configmaps/",
          "persistentvolumes/",
          "persistentvolumeclaims/",
          "persistentvolumeclaims/status",
          "resourceclaims.resource.k8s.io/",
          "volumeattachments.storage.k8s.io/",
          "serviceaccounts/",
          "serviceaccounts/token" ->
          false;
      case "csinodes.storage.k8s.io/", "resourceslices.resource.k8s.io/" -> creates;
      case "leases.coordination.k8s.io/" -> false; // not in these namespaces
      case "nodes/" -> creates || updates;
      case "nodes/status", "pods/status" -> updates;
      case "pods/" -> creates || each.verb.equals("delete");
      case "pods/eviction" -> creates;
      default -> byRole("system:node", each);
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"anonymous", "ordinary", "namespaced", "node", "boss"})
  void whatIsAnsweredFollowsFromTheDefaultRoles(String user) throws Exception {
    Acting acting =
        switch (user) {
          case "anonymous" -> Acting.as(admin, "system:anonymous");
          case "node" -> Acting.node(admin, "n1");
          default -> Acting.as(admin, user);
        };
    List<String> wrong = new ArrayList<>();
    List<Case> cases = cases();
    for (Case each : cases) {
      boolean expected = isAllowed(user, each);
      if (isRefused(acting, each) == expected) {
        wrong.add(
            (expected ? "must be allowed: " : "must be refused: ") + each.verb + " " + each.path());
      }
    }
    assertThat(cases).hasSizeGreaterThan(700);
    assertThat(wrong).isEmpty();
  }

  private static boolean isRefused(Acting acting, Case each)
      throws IOException, InterruptedException {
    Wire.Answer answer =
        acting.send(
            each.method(),
            each.path(),
            each.method().equals("GET") || each.method().equals("DELETE") ? "" : "nonsense",
            "Content-Type",
            each.method().equals("PATCH") ? "application/merge-patch+json" : "application/json");
    return answer.code() == 403 && answer.text().contains("cannot " + each.verb + " resource");
  }
}
