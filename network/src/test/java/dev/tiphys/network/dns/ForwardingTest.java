package dev.tiphys.network.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.ListOptions;
import dev.tiphys.network.dns.DnsClient.Response;
import dev.tiphys.network.dns.ScriptedServer.Question;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Names outside of the cluster.
class ForwardingTest {

  private static final String NAME = "www.example.com";

  private ScriptedServer upstream;
  private TestDns cluster;

  @BeforeEach
  void start() throws Exception {
    upstream = new ScriptedServer(ForwardingTest::truth);
    cluster = new TestDns(upstream.port());
  }

  @AfterEach
  void stop() throws Exception {
    cluster.close();
    upstream.close();
  }

  private static List<byte[]> truth(Question question) {
    return question.name().equals(NAME) && question.type() == 1
        ? question.answer().address(NAME, 300, "192.0.2.80").alone()
        : question.answer().rcode(3).soa("com", 600, 60).alone();
  }

  private static List<byte[]> silence(Question question) {
    return List.of();
  }

  @Test
  void anAnswerIsAskedForOnceAndThenRemembered() throws Exception {
    for (int i = 0; i < 3; i++) {
      Response response = cluster.client.ask(NAME, "A");
      assertThat(response.records()).containsExactly(NAME + " A 192.0.2.80");
      assertThat(response.authoritative()).isFalse();
    }

    assertThat(upstream.asked(NAME)).isEqualTo(1);
  }

  @Test
  void thatThereIsNothingIsRememberedToo() throws Exception {
    for (int i = 0; i < 3; i++) {
      Response response = cluster.client.ask("no.example.com", "A");
      assertThat(response.rcode()).isEqualTo("NXDOMAIN");
      assertThat(response.authority()).hasSize(1);
    }

    assertThat(upstream.asked("no.example.com")).isEqualTo(1);
  }

  @Test
  void manyWhoAskForOneNameHaveItAskedForOnce() throws Exception {
    CountDownLatch hold = new CountDownLatch(1);
    upstream.script(
        question -> {
          try {
            if (question.name().equals(NAME)) {
              hold.await();
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return truth(question);
        });
    List<CompletableFuture<Response>> all =
        IntStream.range(0, 20)
            .mapToObj(
                _ ->
                    CompletableFuture.supplyAsync(
                        () -> {
                          try {
                            return cluster.client.ask(NAME, "A");
                          } catch (IOException e) {
                            throw new UncheckedIOException(e);
                          }
                        },
                        task -> Thread.ofVirtual().start(task)))
            .toList();
    cluster.api.eventually(() -> upstream.asked(NAME) == 1);
    hold.countDown();

    for (CompletableFuture<Response> each : all) {
      assertThat(each.get().answers()).hasSize(1);
    }
    assertThat(upstream.asked(NAME)).isEqualTo(1);
  }

  @Test
  void liesArePassedOverUntilTheTruthComes() throws Exception {
    upstream.script(
        question -> {
          List<byte[]> all = new ArrayList<>();
          String lie = "203.0.113.6";
          all.add(question.answer().id(question.id() ^ 1).address(NAME, 300, lie).bytes());
          all.add(question.answer().question("evil.example", 1).address(NAME, 300, lie).bytes());
          all.add(question.answer().question(NAME, 28).address(NAME, 300, lie).bytes());
          all.add(new byte[] {1, 2, 3});
          byte[] loop = question.answer().address(NAME, 300, lie).bytes();
          loop[loop.length - 31] = (byte) 0xc0; // the owner of the record begins with a pointer
          loop[loop.length - 30] = (byte) (loop.length - 31); // to itself
          all.add(loop);
          all.addAll(truth(question));
          return all;
        });

    assertThat(cluster.client.ask(NAME, "A").records()).containsExactly(NAME + " A 192.0.2.80");
  }

  @Test
  void recordsThatWereNotAskedForAreDropped() throws Exception {
    upstream.script(
        question ->
            question
                .answer()
                .alias(NAME, 300, "cdn.example.net")
                .address("cdn.example.net", 300, "192.0.2.81")
                .address("bank.example", 300, "203.0.113.6")
                .address("web.default.svc.cluster.local", 300, "203.0.113.6")
                .alone());

    assertThat(cluster.client.ask(NAME, "A").records())
        .containsExactly(NAME + " CNAME cdn.example.net", "cdn.example.net A 192.0.2.81");
    assertThat(cluster.client.ask("web.default.svc.cluster.local", "A").rcode())
        .isEqualTo("NXDOMAIN");
  }

  @Test
  void anAnswerThatIsCutIsAskedForByStream() throws Exception {
    upstream.script(
        question -> question.stream() ? truth(question) : question.answer().truncated().alone());

    assertThat(cluster.client.ask(NAME, "A").answers()).hasSize(1);
    assertThat(upstream.asked(NAME)).isEqualTo(2);
  }

  @Test
  void namesOfTheClusterAreNeverAskedForElsewhere() throws Exception {
    assertThat(cluster.client.ask("db.default.svc.cluster.local", "A").rcode())
        .isEqualTo("NXDOMAIN");
    assertThat(cluster.client.ask("cluster.local", "A").rcode()).isEqualTo("NOERROR");

    assertThat(upstream.asked("db.default.svc.cluster.local")).isZero();
    assertThat(upstream.asked("cluster.local")).isZero();
  }

  @Test
  void anAddressThatIsNoneOfTheClusterIsLookedForOutside() throws Exception {
    Response _ = cluster.client.ask("1.2.0.192.in-addr.arpa", "PTR");

    assertThat(upstream.asked("1.2.0.192.in-addr.arpa")).isEqualTo(1);
  }

  @Test
  void anExternalNameIsFollowedOutOfTheCluster() throws Exception {
    cluster.api.apply(
        ApiResource.SERVICES,
        "metadata: {name: ext}\nspec: {type: ExternalName, externalName: www.example.com}");
    String name = "ext.default.svc.cluster.local";
    cluster.api.eventually(() -> !cluster.client.ask(name, "CNAME").answers().isEmpty());

    assertThat(cluster.client.ask(name, "A").records())
        .containsExactly(name + " CNAME " + NAME, NAME + " A 192.0.2.80");

    upstream.script(question -> question.answer().rcode(2).alone());
    Response failed = cluster.client.ask(name, "AAAA");
    assertThat(failed.rcode()).isEqualTo("NOERROR");
    assertThat(failed.records()).containsExactly(name + " CNAME " + NAME);
  }

  @Test
  void whatHasEndedIsGivenWhileTheServerIsAway() throws Exception {
    upstream.script(
        question -> question.answer().address(question.name(), 1, "192.0.2.82").alone());
    assertThat(cluster.client.ask("short.example.com", "A").answers()).hasSize(1);

    upstream.script(question -> question.answer().rcode(2).alone());
    cluster.api.eventually(
        () ->
            cluster
                .client
                .ask("short.example.com", "A")
                .answers()
                .equals(List.of("short.example.com 30 A 192.0.2.82")));

    upstream.script(ForwardingTest::silence);
    assertThat(cluster.client.ask("short.example.com", "A").answers()).hasSize(1);
    assertThat(Pages.get(cluster.dns.pagesPort(), "/metrics"))
        .doesNotContain(
            "\ncoredns_cache_served_stale_total{server=\"dns://:53\",view=\"\",zones=\".\"} 0\n");
  }

  @Test
  void aHotNameIsAskedForBeforeItsAnswerEnds() throws Exception {
    upstream.script(
        question -> question.answer().address(question.name(), 2, "192.0.2.83").alone());
    cluster.api.eventually(
        () -> {
          assertThat(cluster.client.ask("hot.example.com", "A").answers()).hasSize(1);
          return Pages.get(cluster.dns.pagesPort(), "/metrics")
              .lines()
              .anyMatch(
                  line -> line.startsWith("coredns_cache_prefetch_total{") && !line.endsWith(" 0"));
        });
  }

  @Test
  void whenNoServerAnswersTheQuestionFails() throws Exception {
    upstream.script(ForwardingTest::silence);

    assertThat(cluster.client.ask("quiet.example.com", "A").rcode()).isEqualTo("SERVFAIL");
  }

  @Test
  void aFloodOfQuestionsIsBounded() throws Exception {
    upstream.script(ForwardingTest::silence);
    cluster.configure(
        """
        .:53 {
          forward . 127.0.0.1:%d {
            max_concurrent 2
          }
        }
        """
            .formatted(upstream.port()));
    cluster.api.eventually(
        () -> {
          for (int i = 0; i < 5; i++) {
            cluster.client.send(DnsClient.query(i, "flood-" + i + ".example.com", 1, 0));
          }
          return Pages.get(cluster.dns.pagesPort(), "/metrics")
              .lines()
              .anyMatch(
                  line ->
                      line.startsWith("coredns_forward_max_concurrent_rejects_total ")
                          && !line.endsWith(" 0"));
        });
    assertThat(cluster.client.ask("dns-version.cluster.local", "TXT").answers()).hasSize(1);
  }

  @Test
  void theMachinesNewServersAreAsked() throws Exception {
    try (ScriptedServer other =
        new ScriptedServer(
            question -> question.answer().address(question.name(), 1, "192.0.2.99").alone())) {
      cluster.upstream(other.port());
      cluster.api.eventually(
          () ->
              cluster
                  .client
                  .ask("moved.example.com", "A")
                  .records()
                  .contains("moved.example.com A 192.0.2.99"));
    }
  }

  @Test
  void aServerThatAsksUsIsFoundOut() throws Exception {
    upstream.script(
        question -> {
          if (question.type() == 13) {
            try {
              byte[] _ = cluster.client.exchange(DnsClient.query(9, question.name(), 13, 0));
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
          return truth(question);
        });
    cluster.configure(
        """
        .:53 {
          forward . 127.0.0.1:%d
        }
        """
            .formatted(upstream.port()));

    cluster.api.eventually(() -> cluster.client.ask(NAME, "A").rcode().equals("REFUSED"));
    cluster.api.eventually(
        () ->
            cluster
                .api
                .api()
                .list(ApiResource.EVENTS, "kube-system", ListOptions.ALL)
                .items()
                .stream()
                .anyMatch(event -> event.string("reason").equals("ForwardingLoop")));
  }
}
