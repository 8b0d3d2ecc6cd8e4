package dev.tiphys.apiserver.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.apiserver.authorization.Attributes.Subject;
import dev.tiphys.apiserver.pipeline.FlowControl.Permit;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlowControlTest {

  private final FlowControl flow = new FlowControl();
  private final Sender client = new Sender.OverHttp(null, null);
  private final Sender part = new Sender.InProcess(UserInfo.of("system:scheduler"));

  private final UserInfo user = UserInfo.of("jane", UserInfo.AUTHENTICATED);

  private static RequestInfo info(String verb, String subresource) {
    return new RequestInfo(
        verb, new Subject.OfResource("", "v1", "pods", subresource, "default", "web"));
  }

  private List<Permit> take(int count, String verb) {
    List<Permit> permits = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      permits.add(flow.admit(client, user, info(verb, "")));
    }
    return permits;
  }

  private void assertRefused(RequestInfo info) {
    assertThatThrownBy(() -> flow.admit(client, user, info))
        .isInstanceOfSatisfying(
            ApiException.class,
            refusal -> {
              assertThat(refusal.reason()).isEqualTo(Reason.TOO_MANY_REQUESTS);
              assertThat(refusal.retryAfterSeconds()).isEqualTo(1);
            });
  }

  @Test
  void readsAndWritesHaveLimitsOfTheirOwn() {
    take(400, "list");
    assertRefused(info("get", ""));

    List<Permit> writes = take(200, "create");
    assertRefused(info("delete", ""));

    writes.getFirst().close();
    take(1, "update");
  }

  @ParameterizedTest
  @CsvSource({
    "watch,''",
    "get,log",
    "get,exec",
    "create,exec",
    "create,attach",
    "create,portforward",
    "get,proxy",
    "update,proxy",
    "proxy,''"
  })
  void longRunningRequestsHoldNoPermit(String verb, String subresource) {
    take(400, "get");
    take(200, "create");

    flow.admit(client, user, info(verb, subresource)).close();
  }

  @Test
  void partsInThisProcessAreNotHeldUp() {
    take(400, "get");
    take(200, "create");

    flow.admit(part, user, info("get", "")).close();
    flow.admit(part, user, info("create", "")).close();
    assertRefused(info("get", ""));
  }

  @Test
  void mastersAreLetInWhateverHappens() {
    UserInfo master = UserInfo.of("admin", UserInfo.MASTERS, UserInfo.AUTHENTICATED);
    take(400, "get");
    take(200, "create");

    flow.admit(client, master, info("get", "")).close();
    flow.admit(client, master, info("create", "")).close();
    assertRefused(info("get", ""));
  }
}
