package dev.tiphys.secrets.provider.aws;

import static dev.tiphys.secrets.provider.aws.AwsSetup.assertClean;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.re2j.Pattern;
import dev.tiphys.object.Struct;
import dev.tiphys.secrets.provider.HostileServer;
import dev.tiphys.secrets.provider.HostileServer.Manner;
import dev.tiphys.secrets.provider.OpenStore;
import dev.tiphys.secrets.provider.Pushed;
import dev.tiphys.secrets.provider.RemoteReference;
import dev.tiphys.secrets.provider.Search;
import dev.tiphys.secrets.provider.StoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Whatever a service that is asked with good credentials answers: it is a failure and no more, and
/// nothing of the request is told.
class HostileServiceTest {

  private static final RemoteReference DB = new RemoteReference("db", "");

  @ParameterizedTest
  @EnumSource(Manner.class)
  void anyAnswerIsAFailureAndNoMore(Manner manner) throws IOException {
    try (AwsSetup it = new AwsSetup();
        HostileServer server = new HostileServer(manner)) {
      it.patience = Duration.ofMillis(200); // nothing that is waited for comes
      it.variables.replaceAll(
          (name, value) -> name.endsWith("ENDPOINT") ? server.uri().toString() : value);
      Map<String, byte[]> values = Map.of("k", "pushed-value".getBytes(StandardCharsets.UTF_8));
      for (String service : List.of("SecretsManager", "ParameterStore")) {
        try (OpenStore store = it.open(service, "")) {
          assertFails(() -> store.read(DB));
          if (manner != Manner.EMPTY
              && manner != Manner.MISSHAPEN) { // which says: nothing is there
            assertFails(() -> store.find(new Search("/a", Pattern.compile("."), Map.of())));
          }
          assertFails(() -> store.push(new Pushed(DB, values, "k", Struct.EMPTY)));
        }
      }
    }
  }

  private static void assertFails(ThrowingCallable what) {
    Throwable failure = catchThrowable(what);
    assertThat(failure).isInstanceOf(StoreException.class);
    assertThat(failure.getMessage()).hasSizeLessThan(4000).doesNotContain("pushed-value", "\n");
    assertClean(failure);
  }
}
