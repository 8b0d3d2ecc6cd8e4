package dev.tiphys.network.ingress;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.PatchType;
import dev.tiphys.network.SteadyLoad;
import dev.tiphys.network.Tables;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.pki.Credential;
import dev.tiphys.pki.Pem;
import dev.tiphys.pki.Subject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/// An Ingress that is moved from one Service to another while requests are under way.
class IngressSwitchesTest extends ServedIngresses {

  @BeforeEach
  void serve() throws Exception {
    service("blue");
    service("green");
    Credential own =
        authority.issue(Subject.server("localhost", List.of("localhost")), Duration.ofHours(1));
    api.apply(
        ApiResource.SECRETS,
        "{metadata: {name: cert}, type: kubernetes.io/tls, data: {tls.crt: %s, tls.key: %s}}"
            .formatted(base64(Pem.of(own.chain())), base64(Pem.of(own.key()))));
    ingress(
        "app",
        "ssl-redirect=false",
        "tls: [{hosts: [localhost], secretName: cert}]\n" + rule("localhost", "Prefix / blue"));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private void switchTo(String version) throws Exception {
    Struct next =
        api.api()
            .patch(
                ApiResource.INGRESSES,
                "default",
                "app",
                "",
                PatchType.MERGE,
                Yaml.struct(
                    "{spec: {rules: [{host: localhost, http: {paths: [{path: /, pathType: Prefix,"
                        + " backend: {service: {name: %s, port: {number: 80}}}}]}}]}}"
                            .formatted(version)));
    Tables.awaitServed(api, edge, settings.https(), IngressController.FEEDER, next);
  }

  @Test
  void switchesUnderLoadLoseNoRequest(TestReporter reporter) throws Exception {
    switchTo("blue");
    try (SteadyLoad load =
        new SteadyLoad(api.world(), settings.http(), settings.https(), authority.certificate())) {
      load.endure(api, this::switchTo, reporter);
    }
  }
}
