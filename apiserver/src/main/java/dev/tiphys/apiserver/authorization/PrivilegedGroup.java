package dev.tiphys.apiserver.authorization;

import dev.tiphys.apiserver.request.UserInfo;

/// Lets the members of `system:masters` do everything: rights that nothing can take away.
public final class PrivilegedGroup implements Authorizer {

  private static final Decision ALLOWED = Decision.allow("");

  @Override
  public Decision decide(Attributes attributes) {
    return attributes.user().groups().contains(UserInfo.MASTERS) ? ALLOWED : Decision.NO_OPINION;
  }
}
