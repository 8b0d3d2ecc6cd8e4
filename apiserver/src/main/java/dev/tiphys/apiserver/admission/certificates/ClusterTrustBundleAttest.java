package dev.tiphys.apiserver.admission.certificates;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.apiserver.authorization.Authorizer;
import dev.tiphys.object.Struct;
import org.jspecify.annotations.Nullable;

/// What a signer is verified with is published by users who may `attest` for it: upstream's plugin
/// of the same name.
public final class ClusterTrustBundleAttest implements Admission {

  private final Signers signers;

  public ClusterTrustBundleAttest(Authorizer authorizer) {
    this.signers = new Signers(authorizer);
  }

  @Override
  public void validate(Request request, Struct object, @Nullable Struct old) {
    boolean writes =
        request.operation() == Operation.CREATE || request.operation() == Operation.UPDATE;
    String signer = object.string("spec", "signerName");
    if (!writes || !request.isOn(Signers.GROUP, "clustertrustbundles") || signer.isEmpty()) {
      return;
    }
    if (!signers.allow(request.call().user(), "attest", signer)) {
      throw request.forbidden(
          object, "user not permitted to attest for signerName \"" + signer + "\"");
    }
  }
}
