package dev.tiphys.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.apiserver.bootstrap.DefaultObjects;
import dev.tiphys.apiserver.bootstrap.DefaultObjects.ApiServerAddress;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.ListOptions;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.world.VirtualWorld;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The objects that every cluster has come back when they are deleted.
class DefaultObjectsTest {

  private final VirtualWorld world = new VirtualWorld(1);
  private final ApiServer server =
      new ApiServer(
          EmbeddedStore.inMemory(world),
          world,
          ApiServerSettings.standard().withoutPlugins("ServiceAccount"));
  private final Api api = server.api("tester");
  private final DefaultObjects defaults =
      server.defaults(new ApiServerAddress("10.0.0.1", 6443, "10.96.0.1"));

  @ParameterizedTest
  @CsvSource({
    "services, default",
    "endpoints, default",
  })
  void whatIsInFrontOfTheServerComesBackInTwelveSeconds(String plural, String namespace) {
    ApiResource resource = plural.equals("services") ? ApiResource.SERVICES : ApiResource.ENDPOINTS;
    defaults.keep();
    world.settle();
    String uid = uid(resource, namespace);
    api.delete(resource, namespace, "kubernetes", DeleteOptions.DEFAULT);
    assertThat(api.find(resource, namespace, "kubernetes")).isNull();

    world.advance(Duration.ofSeconds(12));

    assertThat(uid(resource, namespace)).isNotEqualTo(uid);
  }

  private String uid(ApiResource resource, String namespace) {
    return api.get(resource, namespace, "kubernetes").string("metadata", "uid");
  }

  @Test
  void theServiceKeepsTheFirstAddressOfTheRange() {
    defaults.ensure();
    api.delete(ApiResource.SERVICES, "default", "kubernetes", DeleteOptions.DEFAULT);
    defaults.ensure();

    Struct service = api.get(ApiResource.SERVICES, "default", "kubernetes");
    assertThat(service.string("spec", "clusterIP")).isEqualTo("10.96.0.1");
  }

  private static final ApiResource ROLES =
      new ApiResource(new GroupVersion("rbac.authorization.k8s.io", "v1"), "roles", "Role", true);

  @Test
  void proxiesHaveLeasesInANamespaceOfTheirOwnAndNoRightToOthers() {
    namespaceWithWhatAnEarlierReleaseMade();
    defaults.ensure();

    Api proxy =
        server.api(UserInfo.of("system:kube-proxy", UserInfo.AUTHENTICATED), "proxy", "proxy");
    Struct lease = Yaml.struct("metadata: {name: one}\nspec: {holderIdentity: node-1}");
    assertThat(proxy.create(ApiResource.LEASES, in(lease, "tiphys-network"))).isNotNull();
    assertThatThrownBy(() -> proxy.create(ApiResource.LEASES, in(lease, "kube-system")))
        .hasMessageContaining("is forbidden");
    assertThatThrownBy(() -> proxy.list(ApiResource.LEASES, "kube-system", ListOptions.ALL))
        .hasMessageContaining("is forbidden");
    assertThat(api.find(ROLES, "kube-system", "system:tiphys:proxy-switches")).isNull();
    assertThat(api.list(ApiResource.LEASES, "kube-system", ListOptions.ALL).items())
        .extracting(one -> one.string("metadata", "name"))
        .containsExactly("another");
  }

  private static Struct in(Struct object, String namespace) {
    return object.withAt(namespace, "metadata", "namespace");
  }

  private void namespaceWithWhatAnEarlierReleaseMade() {
    api.create(ApiResource.NAMESPACES, Yaml.struct("metadata: {name: kube-system}"));
    api.create(
        ROLES,
        Yaml.struct(
            """
            metadata: {name: system:tiphys:proxy-switches, namespace: kube-system}
            rules: [{apiGroups: [coordination.k8s.io], resources: [leases], verbs: ['*']}]
            """));
    api.create(
        new ApiResource(ROLES.groupVersion(), "rolebindings", "RoleBinding", true),
        Yaml.struct(
            """
            metadata: {name: system:tiphys:proxy-switches, namespace: kube-system}
            roleRef:
              apiGroup: rbac.authorization.k8s.io
              kind: Role
              name: system:tiphys:proxy-switches
            subjects: [{kind: User, name: system:kube-proxy}]
            """));
    api.create(
        ApiResource.LEASES,
        Yaml.struct(
            """
            metadata:
              name: tiphys-proxy-node-1
              namespace: kube-system
              labels: {tiphys.dev/proxy: node-1}
            """));
    api.create(
        ApiResource.LEASES, Yaml.struct("metadata: {name: another, namespace: kube-system}"));
  }
}
