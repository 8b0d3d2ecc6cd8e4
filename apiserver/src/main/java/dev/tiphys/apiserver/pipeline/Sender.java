package dev.tiphys.apiserver.pipeline;

import dev.tiphys.apiserver.authentication.Authentication;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.http.Exchange;

/// Where a request comes from.
public sealed interface Sender {

  /// A client, which has to prove its identity.
  ///
  /// @param authentication how it can
  record OverHttp(Authentication authentication, Exchange exchange) implements Sender {}

  /// A part of the cluster in this process, whose identity was fixed when the process was put
  /// together.
  record InProcess(UserInfo user) implements Sender {}
}
