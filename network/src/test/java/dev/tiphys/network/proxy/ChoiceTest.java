package dev.tiphys.network.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which endpoints a node uses. An endpoint is written as its name, `!` if it is not ready, `~` if
/// it ends but serves, and where it is or whom it is for: `@node`, `/zone`, `=node`.
class ChoiceTest {

  @ParameterizedTest
  @CsvSource({
    "'a@n1 b@n2', z1, 'a b', 'a'",
    "'a!@n1 b@n2', z1, 'b', ''",
    "'a~@n1 b@n2', z1, 'b', 'a'",
    "'a~@n1 b~@n2', z1, 'a b', 'a'",
    "'a!@n1 b!@n2', z1, '', ''",
    "'a/z1 b/z2', z1, 'a', ''",
    "'a/z1 b/z2', '', 'a b', ''",
    "'a/z1 b', z1, 'a b', ''",
    "'a/z2 b/z2', z1, 'a b', ''",
    "'a!/z1 b/z2', z1, 'b', ''",
    "'a!/z1 b/z2 c/z2', z1, 'b c', ''",
    "'a! b/z1 c/z2', z1, 'b', ''",
    "'a=n1 b=n2', z1, 'a', ''",
    "'a=n2 b=n2', z1, 'a b', ''",
    "'a!=n1 b/z1 c/z2', z1, 'b', ''",
    "'a=n1/z2 b/z1', z1, 'a', ''",
    "'a/z2@n1 b/z1@n2', z1, 'b', 'a'"
  })
  void hintsAreLookedAtAfterReadiness(String endpoints, String zone, String cluster, String local) {
    List<Endpoint> all = new ArrayList<>();
    for (String one : endpoints.split(" ")) {
      all.add(endpoint(one));
    }

    Choice choice = Choice.of(all, "n1", zone);

    assertThat(names(choice.cluster())).isEqualTo(cluster);
    assertThat(names(choice.local())).isEqualTo(local);
  }

  private static Endpoint endpoint(String text) {
    boolean ends = text.contains("~");
    boolean ready = !text.contains("!") && !ends;
    return new Endpoint(
        new Target(InetAddress.ofLiteral("10.0.0." + (int) text.charAt(0)), 80),
        ready,
        ready || ends,
        ends,
        behind(text, '@').stream().findFirst().orElse(""),
        behind(text, '/'),
        behind(text, '='));
  }

  private static List<String> behind(String text, char mark) {
    int at = text.indexOf(mark);
    return at < 0 ? List.of() : List.of(text.substring(at + 1, at + 3));
  }

  private static String names(List<Endpoint> endpoints) {
    return String.join(
        " ",
        endpoints.stream()
            .map(e -> String.valueOf((char) (e.target().address().getAddress()[3])))
            .toList());
  }
}
