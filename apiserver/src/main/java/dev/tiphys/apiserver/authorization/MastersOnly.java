package dev.tiphys.apiserver.authorization;

import dev.tiphys.apiserver.authorization.Attributes.Subject;
import dev.tiphys.apiserver.request.UserInfo;
import java.util.List;

/// Lets the members of `system:masters` do everything, and all others see whether the server is
/// well and what version it is; nothing more.
public final class MastersOnly implements Authorizer {

  /// What upstream's default role `system:public-info-viewer` shows to all users.
  private static final List<String> PUBLIC = List.of("/healthz", "/livez", "/readyz", "/version");

  @Override
  public boolean allows(Attributes attributes) {
    if (attributes.user().groups().contains(UserInfo.MASTERS)) {
      return true;
    }
    return attributes.verb().equals("get")
        && attributes.subject() instanceof Subject.OfPath(String path)
        && PUBLIC.contains(path.endsWith("/") ? path.substring(0, path.length() - 1) : path);
  }
}
