package dev.tiphys.secrets.vault;

import dev.tiphys.object.Struct;
import dev.tiphys.secrets.vault.ServerToken.Grant;

/// A way to log in.
interface Method {

  /// What a login gives.
  ///
  /// @param rest of the path, behind `login`: empty, or a user's name
  /// @throws Refused if it gives nothing
  Grant login(VaultRequest request, String rest) throws Refused;

  /// The credentials are not good enough.
  final class Refused extends Exception {
    private static final long serialVersionUID = 1;
    private final int status;

    Refused(int status, String message) {
      super(message);
      this.status = status;
    }

    VaultReply reply() {
      return VaultReply.failure(status, String.valueOf(getMessage()));
    }
  }

  /// A field of the content that must be there.
  static String wanted(Struct body, String field) throws Refused {
    String text = body.string(field);
    if (text.isEmpty()) {
      throw new Refused(400, "missing " + field);
    }
    return text;
  }
}
