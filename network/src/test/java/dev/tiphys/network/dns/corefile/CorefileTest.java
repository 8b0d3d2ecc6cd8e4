package dev.tiphys.network.dns.corefile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.network.dns.forward.CacheSettings;
import dev.tiphys.network.dns.forward.Policy;
import dev.tiphys.network.dns.message.Name;
import dev.tiphys.network.dns.message.Type;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Reading configurations.
class CorefileTest {

  private static Corefile read(String text) throws CorefileException {
    return Corefile.read(Map.of(Corefile.KEY, text));
  }

  @Test
  void theConfigurationOfKubeadmCanBeFollowed() throws Exception {
    Corefile corefile =
        read(
            """
            .:53 {
                errors
                health {
                   lameduck 5s
                }
                ready
                kubernetes cluster.local in-addr.arpa ip6.arpa {
                   pods insecure
                   fallthrough in-addr.arpa ip6.arpa
                   ttl 30
                }
                prometheus :9153
                forward . 192.0.2.1 192.0.2.2:5353 {
                   max_concurrent 500
                   policy sequential
                   except example.net
                }
                cache 30 {
                   disable success cluster.local
                   disable denial cluster.local
                }
                loop
                reload
                loadbalance
            }
            """);

    assertThat(corefile.ttl()).isEqualTo(30);
    assertThat(corefile.pods()).isTrue();
    assertThat(corefile.passedOver())
        .contains("errors", "health", "ready", "prometheus", "loop", "reload", "loadbalance");
    ServerBlock block = corefile.blocks().getFirst();
    assertThat(block.zones()).containsExactly(Name.ROOT);
    assertThat(block.cache().longest()).isEqualTo(Duration.ofSeconds(30));
    assertThat(block.cache().longestDenial()).isEqualTo(Duration.ofSeconds(30));
    ServerBlock.Forward forward = block.forwards().getFirst();
    assertThat(forward.to()).containsExactly("192.0.2.1", "192.0.2.2:5353");
    assertThat(forward.policy()).isEqualTo(Policy.SEQUENTIAL);
    assertThat(forward.mostAtOnce()).isEqualTo(500);
    assertThat(forward.isAbout(Name.of("www.example.com"))).isTrue();
    assertThat(forward.isAbout(Name.of("www.example.net"))).isFalse();
  }

  @Test
  void severalZonesHaveTheirOwnServersAndSomeShareThem() throws Exception {
    Corefile corefile =
        read(
            """
            . {
              forward . /etc/resolv.conf
            }
            # what the office knows
            example.com:53, dns://example.org:53 {
              forward . [2001:db8::1]:53 { # by stream
                force_tcp
              }
              cache {
                success 100 60
                denial 50 5
                prefetch 7
                serve_stale 2h
              }
            }
            """);

    ServerBlock second = corefile.blocks().get(1);
    assertThat(second.zones()).containsExactly(Name.of("example.com"), Name.of("example.org"));
    assertThat(second.forwards().getFirst().onlyStreams()).isTrue();
    assertThat(second.cache())
        .isEqualTo(
            new CacheSettings(
                100, Duration.ofSeconds(60), Duration.ofSeconds(5), 7, Duration.ofHours(2)));
  }

  @Test
  void hostsComeFromTheBlockAndFromAKeyOfTheConfigMap() throws Exception {
    Corefile corefile =
        Corefile.read(
            Map.of(
                "Corefile",
                """
                . {
                  hosts /etc/coredns/NodeHosts example.com {
                    192.0.2.8 two.example.com TWO
                    no_reverse
                    ttl 60
                    fallthrough
                  }
                }
                """,
                "NodeHosts",
                "192.0.2.7 one.example.com\n# nothing\n2001:db8::7 one.example.com\n"));

    Hosts hosts = corefile.blocks().getFirst().hosts().getFirst();
    assertThat(hosts.answer(Name.of("one.example.com"), Type.A).answers()).hasSize(1);
    assertThat(hosts.answer(Name.of("one.example.com"), Type.AAAA).answers()).hasSize(1);
    assertThat(hosts.answer(Name.of("one.example.com"), Type.MX).answers()).isEmpty();
    assertThat(hosts.answer(Name.of("two"), Type.A).answers().getFirst().ttl()).isEqualTo(60);
    assertThat(hosts.answer(Name.of("three"), Type.A)).isNull();
    assertThat(hosts.answer(Name.of("7.2.0.192.in-addr.arpa"), Type.PTR)).isNull();
    assertThat(hosts.keeps(Name.of("three.example.com"))).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | line 1: there is no server block",
        ". { | line 1: a '{' without its '}'",
        "} | line 1: a '}' without its '{'",
        ".:54 {;} | line 1: a port other than 53: .:54",
        ". {;};. {;} | line 3: a second block for .",
        ". {;rewrite name a b;} | line 2: not supported: rewrite",
        ". {;forward .;} | line 2: something is missing behind forward",
        ". {;forward . tls://192.0.2.1;} | line 2: no server: tls://192.0.2.1",
        ". {;forward . 192.0.2.1 {;policy best;};} | line 3: no policy: best",
        ". {;forward . 192.0.2.1 {;tls;};} | line 3: not supported: forward tls",
        ". {;hosts {;nowhere a;};} | line 3: no address: nowhere",
        ". {;hosts /etc/hosts;} | line 2: not a key of the ConfigMap: /etc/hosts",
        ". {;kubernetes {;ttl 9999;};} | line 3: not a number from 0 to 3600: 9999",
        ". {;kubernetes {;pods verified;};} | line 3: not supported: pods verified",
        ". {;cache {;success many;};} | line 3: not a number from 1 to 1000000: many",
        ". {;cache {;serve_stale long;};} | line 3: not a span of time: long",
        ". {;errors \"a;} | line 2: a quotation mark without its other one",
        ". { { | line 1: a brace where none can be",
        "a..b {;} | line 1: no zone: a..b",
      })
  void whatCannotBeFollowedIsSaid(String text, String message) {
    assertThatThrownBy(() -> read(text.replace(';', '\n')))
        .isInstanceOf(CorefileException.class)
        .hasMessage(message);
  }

  @Test
  void serversAreReadFromTextsWithPortsAndWithout() {
    assertThat(
            List.of("192.0.2.1", "192.0.2.1:54", "2001:db8::1", "[2001:db8::1]:54").stream()
                .map(text -> Servers.address(text).getPort()))
        .containsExactly(53, 54, 53, 54);
    assertThat(
            List.of("", "host", "host:53", "192.0.2.1:", "192.0.2.1:x", "192.0.2.1:99999").stream()
                .map(Servers::address))
        .containsOnlyNulls();
  }
}
