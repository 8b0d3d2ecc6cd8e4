package dev.tiphys.apiserver.admission.certificates;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.apiserver.authorization.Authorizer;
import dev.tiphys.object.Struct;
import org.jspecify.annotations.Nullable;

/// A request for a certificate is approved or denied by users who may `approve` for its signer:
/// upstream's plugin of the same name.
public final class CertificateApproval implements Admission {

  private final Signers signers;

  public CertificateApproval(Authorizer authorizer) {
    this.signers = new Signers(authorizer);
  }

  @Override
  public void validate(Request request, Struct object, @Nullable Struct old) {
    boolean decides =
        request.operation() == Operation.UPDATE
            && request.isOn(Signers.GROUP, "certificatesigningrequests", "approval");
    if (!decides || old == null) {
      return;
    }
    String signer = old.string("spec", "signerName");
    if (!signers.allow(request.call().user(), "approve", signer)) {
      throw request.forbidden(
          object, "user not permitted to approve requests with signerName \"" + signer + "\"");
    }
  }
}
