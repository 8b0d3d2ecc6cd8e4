package dev.tiphys.apiserver;

import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.world.RealWorld;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/// Measures what the authorization of a GET costs in processor time: the same GET by a master,
/// which passes unasked, and by users with 200 bindings. Run its main method.
final class AuthorizationSpeed {

  private static final GroupVersion RBAC = new GroupVersion("rbac.authorization.k8s.io", "v1");
  private static final int BINDINGS = 200;
  private static final int ROUNDS = 200_000;

  private AuthorizationSpeed() {}

  public static void main(String[] args) {
    RealWorld world = new RealWorld();
    try (ApiServer server = new ApiServer(EmbeddedStore.inMemory(world), world)) {
      Api admin = server.api("measuring");
      for (int i = 0; i < BINDINGS; i++) {
        admin.create(ApiResource.NAMESPACES, Yaml.struct("{metadata: {name: n%d}}".formatted(i)));
        role(admin, "clusterroles", "ClusterRole", i, "");
        binding(admin, "clusterrolebindings", "ClusterRoleBinding", i, "");
        role(admin, "roles", "Role", i, ", namespace: n" + i);
        binding(admin, "rolebindings", "RoleBinding", i, ", namespace: n" + i);
      }
      admin.create(ApiResource.CONFIG_MAPS, Yaml.struct("{metadata: {name: c, namespace: n199}}"));
      measure("GET by a master", () -> get(admin));
      measure("GET by a user with 200 RoleBindings", () -> get(as(server, "rolebinding")));
      measure(
          "GET by a user with 200 ClusterRoleBindings to 200 roles, the last one good",
          () -> get(as(server, "clusterrolebinding")));
      measure("GET that is refused, by a user without bindings", () -> get(as(server, "nobody")));
    }
    System.exit(0);
  }

  private static Api as(ApiServer server, String user) {
    return server.api(UserInfo.of(user, UserInfo.AUTHENTICATED), user, user);
  }

  private static void get(Api api) {
    try {
      api.get(ApiResource.CONFIG_MAPS, "n199", "c", "");
    } catch (ApiException e) {
      // refused, which is measured too
    }
  }

  private static void role(Api admin, String plural, String kind, int i, String place) {
    String resource = i == BINDINGS - 1 ? "configmaps" : "things" + i;
    Struct role =
        Yaml.struct(
            "{metadata: {name: r%d%s}, rules: [{verbs: [get, list], apiGroups: [''], resources: [%s]}]}"
                .formatted(i, place, resource));
    admin.create(new ApiResource(RBAC, plural, kind, !place.isEmpty()), role);
  }

  private static void binding(Api admin, String plural, String kind, int i, String place) {
    String roleKind = place.isEmpty() ? "ClusterRole" : "Role";
    String user = kind.toLowerCase(Locale.ROOT);
    Struct binding =
        Yaml.struct(
            """
            metadata: {name: b%d%s}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: %s, name: r%d}
            subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: %s}]
            """
                .formatted(i, place, roleKind, i, user));
    admin.create(new ApiResource(RBAC, plural, kind, !place.isEmpty()), binding);
  }

  private static void measure(String what, Runnable action) {
    for (int round = 0; round < 2; round++) { // the first warms up
      long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      for (int i = 0; i < ROUNDS; i++) {
        action.run();
      }
      long spent = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
      if (round == 1) {
        System.out.printf("%-80s %6.2f us%n", what, spent / 1_000.0 / ROUNDS);
      }
    }
  }
}
