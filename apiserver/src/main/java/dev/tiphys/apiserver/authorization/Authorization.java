package dev.tiphys.apiserver.authorization;

import java.util.List;

/// How a server authorizes requests.
///
/// @param authorizer decides
/// @param resolvers tell what users may do, as far as that can be listed
public record Authorization(Authorizer authorizer, List<RuleResolver> resolvers) {
  public Authorization {
    resolvers = List.copyOf(resolvers);
  }
}
