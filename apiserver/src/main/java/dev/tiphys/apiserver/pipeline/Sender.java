package dev.tiphys.apiserver.pipeline;

import dev.tiphys.apiserver.authentication.Authentication;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.http.Exchange;
import dev.tiphys.http.Header;
import java.util.List;
import java.util.function.Consumer;

/// Where a request comes from.
public sealed interface Sender {

  /// A client, which has to prove its identity.
  ///
  /// @param authentication how it can
  /// @param told is given header fields that the answer is to have
  record OverHttp(Authentication authentication, Exchange exchange, Consumer<List<Header>> told)
      implements Sender {}

  /// A part of the cluster in this process, whose identity was fixed when the process was put
  /// together.
  record InProcess(UserInfo user) implements Sender {}
}
