package dev.tiphys.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.ListOptions;
import dev.tiphys.client.http.HttpApi;
import dev.tiphys.client.http.Kubeconfig;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpApiTest extends ApiContract {

  private final RunningServer server;

  HttpApiTest() throws IOException {
    server = new RunningServer();
  }

  @Override
  Api open() {
    return new HttpApi(RunningServer.WORLD, server.withToken("master"), "test");
  }

  @Override
  void settle() {
    // over HTTP there is nothing to drive
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void aCertificateProvesWhoAsks() {
    Api api =
        new HttpApi(RunningServer.WORLD, server.withCertificate("carol", "system:masters"), "test");

    assertThat(api.list(ApiResource.NAMESPACES, "", ListOptions.ALL).items()).hasSize(5);
  }

  @Test
  void whoIsNoMasterMayDoNothing() {
    Api api = new HttpApi(RunningServer.WORLD, server.withToken("plain"), "test");

    assertThatThrownBy(() -> api.list(ApiResource.PODS, "default", ListOptions.ALL))
        .isInstanceOfSatisfying(
            ApiException.class, e -> assertThat(e.reason()).isEqualTo(Reason.FORBIDDEN))
        .hasMessage(
            "pods is forbidden: User \"bob\" cannot list resource \"pods\" in API group \"\" in the"
                + " namespace \"default\"");
  }

  @Test
  void whoProvesNothingIsAnonymous() {
    Api api = new HttpApi(RunningServer.WORLD, server.withToken(""), "test");

    assertThatThrownBy(() -> api.list(ApiResource.NODES, "", ListOptions.ALL))
        .hasMessage(
            "nodes is forbidden: User \"system:anonymous\" cannot list resource \"nodes\" in API group"
                + " \"\" at the cluster scope");
  }

  @Test
  void whoseProofFailsIsUnauthorized() {
    for (Kubeconfig.Access access :
        new Kubeconfig.Access[] {
          server.withToken("wrong"), server.withForeignCertificate("eve", "system:masters")
        }) {
      Api api = new HttpApi(RunningServer.WORLD, access, "test");
      assertThatThrownBy(() -> api.list(ApiResource.NODES, "", ListOptions.ALL))
          .isInstanceOfSatisfying(
              ApiException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNAUTHORIZED));
    }
  }

  @Test
  void everythingThatIsServedCanBeListed() {
    Api api = open();

    api.discover().known().stream()
        .filter(resource -> resource.verbs().contains("list"))
        .forEach(
            resource ->
                assertThat(api.list(resource.resource(), "", ListOptions.ALL).resourceVersion())
                    .as(resource.resource().toString())
                    .isNotNull());
  }
}
