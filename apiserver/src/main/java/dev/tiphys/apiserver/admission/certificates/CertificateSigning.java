package dev.tiphys.apiserver.admission.certificates;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.apiserver.authorization.Authorizer;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import org.jspecify.annotations.Nullable;

/// A certificate is issued by users who may `sign` for its signer: upstream's plugin of the same
/// name.
public final class CertificateSigning implements Admission {

  private final Signers signers;

  public CertificateSigning(Authorizer authorizer) {
    this.signers = new Signers(authorizer);
  }

  @Override
  public void validate(Request request, Struct object, @Nullable Struct old) {
    boolean writes =
        request.operation() == Operation.UPDATE
            && request.isOn(Signers.GROUP, "certificatesigningrequests", "status");
    if (!writes || old == null) {
      return;
    }
    boolean same =
        Meta.same(object.get("status", "certificate"), old.get("status", "certificate"))
            && object.structs("status", "conditions").equals(old.structs("status", "conditions"));
    String signer = old.string("spec", "signerName");
    if (!same && !signers.allow(request.call().user(), "sign", signer)) {
      throw request.forbidden(
          object, "user not permitted to sign requests with signerName \"" + signer + "\"");
    }
  }
}
