package dev.tiphys.apiserver.admission.certificates;

import dev.tiphys.apiserver.authorization.Attributes;
import dev.tiphys.apiserver.authorization.Authorizer;
import dev.tiphys.apiserver.request.UserInfo;

/// The signers of certificates, as resources that users have rights to.
///
/// @param authorizer decides
record Signers(Authorizer authorizer) {

  static final String GROUP = "certificates.k8s.io";

  /// Whether a user has a right to a signer, or to all of its domain.
  boolean allow(UserInfo user, String verb, String signer) {
    int slash = signer.indexOf('/');
    String domain = slash < 0 ? signer : signer.substring(0, slash);
    return decides(user, verb, signer) || decides(user, verb, domain + "/*");
  }

  private boolean decides(UserInfo user, String verb, String name) {
    return authorizer
        .decide(
            new Attributes(
                user, verb, new Attributes.Subject.OfResource(GROUP, "*", "signers", "", "", name)))
        .isAllowed();
  }
}
