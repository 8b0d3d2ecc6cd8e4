package dev.tiphys.controllers.certificates;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.controller.RetryPolicy;
import dev.tiphys.object.Struct;
import dev.tiphys.pki.SigningRequest;
import dev.tiphys.schema.GroupVersion;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

/// What CertificateSigningRequests say.
final class Requests {

  static final ApiResource RESOURCE =
      new ApiResource(
          GroupVersion.parse("certificates.k8s.io/v1"),
          "certificatesigningrequests",
          "CertificateSigningRequest",
          false);

  /// How long a request that could not be dealt with waits: an administrator may have to act first.
  static final RetryPolicy RETRIES =
      RetryPolicy.between(Duration.ofMillis(200), Duration.ofSeconds(1000));

  /// Who signs the client certificates of kubelets.
  static final String KUBELET_CLIENT = "kubernetes.io/kube-apiserver-client-kubelet";

  static final String CLIENT = "kubernetes.io/kube-apiserver-client";

  private Requests() {}

  /// Whether a condition of a request is true.
  static boolean is(Struct request, String condition) {
    return request.structs("status", "conditions").stream()
        .anyMatch(
            each -> each.string("type").equals(condition) && each.string("status").equals("True"));
  }

  static boolean isIssued(Struct request) {
    return !request.string("status", "certificate").isEmpty();
  }

  /// What it asks for.
  ///
  /// @throws IllegalArgumentException if that can't be read
  static SigningRequest content(Struct request) {
    return SigningRequest.parse(decoded(request.string("spec", "request")));
  }

  static String decoded(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.US_ASCII);
  }
}
