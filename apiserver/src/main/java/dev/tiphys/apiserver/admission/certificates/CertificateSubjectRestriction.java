package dev.tiphys.apiserver.admission.certificates;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.object.Struct;
import dev.tiphys.pki.SigningRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// No certificate makes its user an administrator: upstream's plugin of the same name.
public final class CertificateSubjectRestriction implements Admission {

  private static final String SIGNER = "kubernetes.io/kube-apiserver-client";

  @Override
  public void validate(Request request, Struct object, @Nullable Struct old) {
    boolean bound =
        request.operation() == Operation.CREATE
            && request.isOn(Signers.GROUP, "certificatesigningrequests")
            && object.string("spec", "signerName").equals(SIGNER);
    if (bound && parsed(request, object).organizations().contains(UserInfo.MASTERS)) {
      throw request.forbidden(
          object, "use of " + SIGNER + " signer with system:masters group is not allowed");
    }
  }

  private static SigningRequest parsed(Request request, Struct object) {
    try {
      byte[] pem = Base64.getDecoder().decode(object.string("spec", "request"));
      return SigningRequest.parse(new String(pem, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      throw request.forbidden(object, "failed to parse CSR: " + e.getMessage());
    }
  }
}
