package dev.tiphys.cli.parts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.cli.machine.HostAddress;
import dev.tiphys.client.Api;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.object.encoding.Yaml;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class ProxyCommandTest {

  /// An API that answers all questions for objects alike.
  private interface Answer {
    Object get();
  }

  private static Api api(Answer answer) {
    return (Api)
        Proxy.newProxyInstance(
            Api.class.getClassLoader(), new Class<?>[] {Api.class}, (_, _, _) -> answer.get());
  }

  @Test
  void nodePortsAreOnTheFirstAddressOfEachFamilyThatTheNodeTellsOf() {
    Api api =
        api(
            () ->
                Yaml.struct(
                    """
                    status:
                      addresses:
                      - {type: Hostname, address: a}
                      - {type: InternalIP, address: 192.0.2.1}
                      - {type: InternalIP, address: 192.0.2.2}
                      - {type: InternalIP, address: 'fd00::1'}
                    """));

    assertThat(ProxyCommand.primary(api, "a"))
        .containsExactly(InetAddress.ofLiteral("192.0.2.1"), InetAddress.ofLiteral("fd00::1"));
  }

  @Test
  void withoutARightToTheNodeTheyAreOnTheMachinesOwnAddress() {
    Api api =
        api(
            () -> {
              throw ApiException.of(Reason.FORBIDDEN, "no");
            });

    assertThat(ProxyCommand.primary(api, "a"))
        .containsExactly(InetAddress.ofLiteral(HostAddress.find()));
  }
}
