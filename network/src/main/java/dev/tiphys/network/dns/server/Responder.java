package dev.tiphys.network.dns.server;

import dev.tiphys.network.dns.message.Answer;
import dev.tiphys.network.dns.message.Query;
import java.net.InetAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Answers queries.
public interface Responder {

  /// An answer, and how old it is.
  ///
  /// @param age how many seconds have passed since its records were right
  record Answered(Answer answer, int age) {}

  /// The answer, if it is at hand; else null, and it is given later on another thread. Does not
  /// wait.
  ///
  /// @param client the address that asks
  @Nullable Answered answer(Query query, InetAddress client, Consumer<Answered> later);
}
