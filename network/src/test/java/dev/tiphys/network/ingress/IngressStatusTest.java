package dev.tiphys.network.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Where Ingresses say that clients reach them.
class IngressStatusTest extends ServedIngresses {

  private IngressStatus status;

  @BeforeEach
  void tell() {
    status = new IngressStatus(api.world(), api.as(IngressController.PROGRAM), edge, settings);
    status.start();
  }

  @AfterEach
  void end() {
    status.close();
  }

  private List<String> addresses() {
    return api
        .api()
        .get(ApiResource.INGRESSES, "default", "app")
        .structs("status", "loadBalancer", "ingress")
        .stream()
        .map(each -> each.string("ip"))
        .toList();
  }

  @Test
  void itIsWrittenKeptAndTakenAway() throws Exception {
    service("one");
    ingress("app", "", rule("a", "Prefix / one"));
    api.eventually(() -> addresses().equals(List.of("127.0.0.1")));
    Struct app = api.api().get(ApiResource.INGRESSES, "default", "app");
    api.api()
        .update(
            ApiResource.INGRESSES,
            app.withAt(List.of(Struct.of("ip", "192.0.2.9")), "status", "loadBalancer", "ingress"),
            "status");
    api.eventually(() -> addresses().equals(List.of("127.0.0.1")));
    ingress("stays", "", rule("b", "Prefix / one")); // so that the port stays open
    api.apply(ApiResource.INGRESS_CLASSES, "{metadata: {name: theirs}, spec: {controller: x/y}}");
    Struct own = api.api().get(ApiResource.INGRESSES, "default", "app");
    api.api().update(ApiResource.INGRESSES, own.withAt("theirs", "spec", "ingressClassName"));
    api.eventually(() -> addresses().isEmpty());
    Struct left = api.api().get(ApiResource.INGRESSES, "default", "app");
    api.api()
        .update(
            ApiResource.INGRESSES,
            left.withAt(List.of(Struct.of("ip", "192.0.2.9")), "status", "loadBalancer", "ingress"),
            "status");
    ingress("marker", "", rule("c", "Prefix / one"));
    api.eventually(
        () ->
            !api.api()
                .get(ApiResource.INGRESSES, "default", "marker")
                .structs("status", "loadBalancer", "ingress")
                .isEmpty());
    assertThat(addresses()).as("what others write stays").containsExactly("192.0.2.9");
  }
}
