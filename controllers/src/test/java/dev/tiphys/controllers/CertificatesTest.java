package dev.tiphys.controllers;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.pki.Authority;
import dev.tiphys.pki.KeyType;
import dev.tiphys.pki.Pem;
import dev.tiphys.pki.SigningRequest;
import dev.tiphys.pki.Subject;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.world.VirtualWorld;
import dev.tiphys.world.World;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CertificatesTest {

  private static final ApiResource REQUESTS =
      new ApiResource(
          GroupVersion.parse("certificates.k8s.io/v1"),
          "certificatesigningrequests",
          "CertificateSigningRequest",
          false);

  private static final World FOUNDER = new VirtualWorld(1);

  private final TestCluster cluster =
      new TestCluster(
          1,
          ControllerSettings.DEFAULT.withSigning(
              new SigningSettings(Authority.found(FOUNDER, "test"), null)));

  @AfterEach
  void close() {
    cluster.close();
  }

  private static Struct request(
      String name, String signer, Subject subject, List<String> usages, long life) {
    String pem = SigningRequest.of(KeyType.EC.generate(), subject);
    StructBuilder spec =
        new StructBuilder()
            .add("signerName", signer)
            .add("request", Base64.getEncoder().encodeToString(pem.getBytes(US_ASCII)))
            .add("usages", usages);
    if (life > 0) {
      spec.add("expirationSeconds", life);
    }
    return Struct.of("metadata", Struct.of("name", name), "spec", spec.build());
  }

  private static Subject node(String... hosts) {
    return new Subject("system:node:n", List.of("system:nodes"), List.of(hosts));
  }

  private Struct find(String name) {
    cluster.settle();
    return cluster.api.get(REQUESTS, "", name);
  }

  private void approve(String name) {
    Struct request = cluster.api.get(REQUESTS, "", name);
    Struct approved =
        new StructBuilder()
            .add("type", "Approved")
            .add("status", "True")
            .add("reason", "Test")
            .build();
    List<Object> conditions = new ArrayList<>(request.list("status", "conditions"));
    conditions.add(approved);
    cluster.api.update(
        REQUESTS, request.withAt(List.copyOf(conditions), "status", "conditions"), "approval");
  }

  private static String condition(Struct request, String field) {
    List<Struct> conditions = request.structs("status", "conditions");
    return conditions.isEmpty() ? "" : conditions.getLast().string(field);
  }

  private static X509Certificate certificate(Struct request) {
    byte[] pem = Base64.getDecoder().decode(request.string("status", "certificate"));
    return Pem.certificates(new String(pem, US_ASCII)).getFirst();
  }

  private static final List<String> CLIENT = List.of("digital signature", "client auth");

  @Test
  void aNodeHasACertificateForItsNetworkByItself() throws Exception {
    Api asNode = cluster.apiOf("system:node:n", "system:nodes");
    Subject network = Subject.client("system:tiphys:node-network:n", "system:tiphys:node-network");
    asNode.create(
        REQUESTS, request("own", "kubernetes.io/kube-apiserver-client", network, CLIENT, 0));

    Struct request = find("own");

    assertThat(condition(request, "reason")).isEqualTo("AutoApproved");
    assertThat(certificate(request).getSubjectX500Principal().getName())
        .isEqualTo("CN=system:tiphys:node-network:n,O=system:tiphys:node-network");
  }

  @ParameterizedTest
  @CsvSource({
    // who asks, in which group, for which name, in which group, for which use
    "system:node:n, system:nodes, system:tiphys:node-network:m, system:tiphys:node-network, client",
    "system:node:n, system:nodes, system:tiphys:node-network:n, system:masters, client",
    "system:node:n, system:nodes, system:kube-proxy, system:tiphys:node-network, client",
    "system:node:n, system:nodes, system:tiphys:node-network:n, system:tiphys:node-network, server",
    "system:node:n, users, system:tiphys:node-network:n, system:tiphys:node-network, client",
    "ann, system:nodes, system:tiphys:node-network:n, system:tiphys:node-network, client",
  })
  void nothingElseIsApprovedForIt(
      String user, String group, String name, String organization, String use) {
    Struct asked =
        request(
            "own",
            "kubernetes.io/kube-apiserver-client",
            Subject.client(name, organization),
            List.of("digital signature", use + " auth"),
            0);
    try {
      cluster.apiOf(user, group).create(REQUESTS, asked);
    } catch (ApiException e) {
      return; // not even asked for
    }

    assertThat(condition(find("own"), "reason")).isEmpty();
  }

  @Test
  void aNodeRenewsItsOwnCertificateByItself() throws Exception {
    Api asNode = cluster.apiOf("system:node:n", "system:nodes");
    asNode.create(
        REQUESTS, request("own", "kubernetes.io/kube-apiserver-client-kubelet", node(), CLIENT, 0));

    Struct request = find("own");

    assertThat(condition(request, "reason")).isEqualTo("AutoApproved");
    assertThat(condition(request, "message"))
        .isEqualTo("Auto approving self kubelet client certificate after SubjectAccessReview.");
    X509Certificate signed = certificate(request);
    assertThat(signed.getSubjectX500Principal().getName())
        .isEqualTo("CN=system:node:n,O=system:nodes");
    assertThat(Duration.between(cluster.world.now(), signed.getNotAfter().toInstant()))
        .isBetween(Duration.ofDays(364), Duration.ofDays(365));
    assertThat(signed.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
    assertThat(signed.getBasicConstraints()).isEqualTo(-1);
  }

  @Test
  void aNodeThatJoinsHasItsFirstCertificateApproved() {
    cluster
        .apiOf("system:bootstrap:abcdef", "system:bootstrappers")
        .create(
            REQUESTS,
            request("first", "kubernetes.io/kube-apiserver-client-kubelet", node(), CLIENT, 0));

    assertThat(condition(find("first"), "message"))
        .isEqualTo("Auto approving kubelet client certificate after SubjectAccessReview.");
  }

  /// Another user's request for a node's certificate, and what is no certificate of a kubelet.
  @Test
  void nothingElseIsApprovedByItself() {
    String signer = "kubernetes.io/kube-apiserver-client-kubelet";
    cluster.api.create(
        REQUESTS,
        request(
            "other-signer",
            "kubernetes.io/kube-apiserver-client",
            Subject.client("ann"),
            CLIENT,
            0));
    Api asNode = cluster.apiOf("system:node:n", "system:nodes");
    Struct another =
        request(
            "another",
            signer,
            new Subject("system:node:m", List.of("system:nodes"), List.of()),
            CLIENT,
            0);
    assertThatThrownBy(() -> asNode.create(REQUESTS, another))
        .hasMessageEndingWith("can only create a node CSR with CN=system:node:n");
    asNode.create(REQUESTS, request("with-names", signer, node("host"), CLIENT, 0));

    assertThat(find("other-signer").list("status", "conditions")).isEmpty();
    assertThat(find("with-names").list("status", "conditions")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0,525600", "600,15", "7200,125", "86400,1440", "100000000,525600"})
  void aCertificateLivesAsLongAsWasAskedForWithinLimits(long seconds, long minutes) {
    cluster.api.create(
        REQUESTS,
        request(
            "r",
            "kubernetes.io/kube-apiserver-client",
            Subject.client("ann"),
            List.of("client auth"),
            seconds));
    approve("r");

    X509Certificate signed = certificate(find("r"));

    // with the five minutes for which it counts as having been good before
    assertThat(
            Duration.between(signed.getNotBefore().toInstant(), signed.getNotAfter().toInstant())
                .toMinutes())
        .isEqualTo(minutes);
  }

  @ParameterizedTest
  @CsvSource({
    "kube-apiserver-client, server auth, invalid usage for client certificate: server auth",
    "kube-apiserver-client, digital signature, missing required usage for client certificate: client auth",
    "kubelet-serving, server auth, subject organization is not system:nodes",
  })
  void whatASignerDoesNotSignFails(String signer, String usage, String message) {
    cluster.api.create(
        REQUESTS,
        request("r", "kubernetes.io/" + signer, Subject.client("ann"), List.of(usage), 0));
    approve("r");

    Struct request = find("r");

    assertThat(condition(request, "type")).isEqualTo("Failed");
    assertThat(condition(request, "reason")).isEqualTo("SignerValidationFailure");
    assertThat(condition(request, "message")).isEqualTo(message);
    assertThat(request.string("status", "certificate")).isEmpty();
  }

  @Test
  void whatIsOverIsDeleted() {
    cluster.api.create(
        REQUESTS, request("pending", "example.com/signer", Subject.client("ann"), CLIENT, 0));
    cluster.api.create(
        REQUESTS,
        request("issued", "kubernetes.io/kube-apiserver-client", Subject.client("ann"), CLIENT, 0));
    approve("issued");
    cluster.settle();

    cluster.advance(Duration.ofHours(3));

    assertThat(cluster.api.find(REQUESTS, "", "issued")).isNull();
    assertThat(cluster.api.find(REQUESTS, "", "pending")).isNotNull();
    cluster.advance(Duration.ofHours(24));
    assertThat(cluster.api.find(REQUESTS, "", "pending")).isNull();
  }
}
