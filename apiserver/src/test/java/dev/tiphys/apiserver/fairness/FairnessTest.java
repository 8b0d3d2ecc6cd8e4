package dev.tiphys.apiserver.fairness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.apiserver.authorization.Attributes.Subject;
import dev.tiphys.apiserver.request.Turn;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.world.VirtualWorld;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Turns, on virtual time.
class FairnessTest {

  private static final Duration WORK = Duration.ofMillis(100);

  private final VirtualWorld world = new VirtualWorld(7);
  private final List<String> served = new ArrayList<>();
  private final List<String> refused = new ArrayList<>();
  private int watchers;
  private boolean gone;

  private static Struct json(String single) {
    return Json.struct(single.replace('\'', '"'));
  }

  private static Struct level(String name, int shares, int queues, int hand, int length) {
    return json(
        ("{'metadata':{'name':'%s','uid':'u-%s'},'spec':{'type':'Limited','limited':"
                + "{'nominalConcurrencyShares':%d,'lendablePercent':50,'limitResponse':"
                + "{'type':'Queue','queuing':{'queues':%d,'handSize':%d,'queueLengthLimit':%d}}}}}")
            .formatted(name, name, shares, queues, hand, length));
  }

  private static Struct schema(String name, String level, int precedence, String rules) {
    return json(
        ("{'metadata':{'name':'%s','uid':'s-%s'},'spec':{'priorityLevelConfiguration':"
                + "{'name':'%s'},'matchingPrecedence':%d,'distinguisherMethod':{'type':'ByUser'},"
                + "'rules':[%s]}}")
            .formatted(name, name, level, precedence, rules));
  }

  private static final String EVERYBODY =
      "{'subjects':[{'kind':'Group','group':{'name':'*'}}],'resourceRules':[{'verbs':['*'],"
          + "'apiGroups':['*'],'resources':['*'],'namespaces':['*'],'clusterScope':true}]}";

  private static Subject pods() {
    return new Subject.OfResource("", "v1", "pods", "", "default", "");
  }

  private Fairness fairness(int seats, Struct... levels) {
    Fairness fairness = new Fairness(world, seats, _ -> watchers);
    fairness.configure(
        Arrays.stream(levels)
            .map(l -> l.string("metadata", "name"))
            .map(name -> schema("to-" + name, name, 500, EVERYBODY))
            .toList(),
        List.of(levels));
    return fairness;
  }

  private Turn admit(Fairness fairness, String user, int seats) {
    return fairness.admit(
        new FlowRequest(UserInfo.of(user, UserInfo.AUTHENTICATED), "get", pods(), () -> gone),
        most -> Math.min(most, seats),
        _ -> {});
  }

  /// Has a user's request served, which takes a while.
  private void request(Fairness fairness, String user) {
    world.start(
        user,
        () -> {
          try (Turn _ = admit(fairness, user, 1)) {
            served.add(user);
            world.sleep(WORK);
          } catch (Overload e) {
            refused.add(user);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    world.settle();
  }

  private PriorityLevel.Dump dump(Fairness fairness, String level) {
    return fairness.dump().stream()
        .filter(each -> each.spec().name().equals(level))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void noMoreAreServedAtOnceThanThereAreSeats() {
    Fairness fairness = fairness(8, level("a", 95, 1, 1, 50));
    int seats = 0;
    for (int i = 0; i < 20; i++) {
      request(fairness, "u" + i);
      seats = Math.max(seats, dump(fairness, "a").executing());
    }

    assertThat(served).hasSize(seats).hasSizeLessThan(20).hasSizeGreaterThan(2);
    assertThat(dump(fairness, "a").waiting()).isEqualTo(20 - seats);
    world.awaitQuiescent();
    assertThat(served).hasSize(20);
    assertThat(dump(fairness, "a").executing()).isZero();
    assertThat(dump(fairness, "a").dispatched()).isEqualTo(20);
  }

  @Test
  void aFloodOfOneUserDoesNotHoldUpAnother() {
    Fairness fairness = fairness(4, level("a", 95, 64, 4, 50));
    for (int i = 0; i < 100; i++) {
      request(fairness, "flood");
    }
    int before = served.size();
    request(fairness, "calm");
    world.advance(WORK.multipliedBy(3));

    assertThat(served.subList(before, served.size())).contains("calm");
  }

  @Test
  void usersShareALevelEvenly() {
    Fairness fairness = fairness(2, level("a", 95, 64, 4, 100));
    for (int i = 0; i < 40; i++) {
      request(fairness, "one");
    }
    for (int i = 0; i < 40; i++) {
      request(fairness, "two");
    }
    served.clear();
    world.advance(WORK.multipliedBy(15));

    long ones = served.stream().filter("one"::equals).count();
    // a hand of four queues each: what one user has of the turns is about what the other has
    assertThat((double) ones / served.size()).isBetween(0.3, 0.7);
  }

  @Test
  void fullQueuesRefuseAndWaitingEndsAfterAWhile() {
    Fairness fairness = fairness(1, level("a", 95, 1, 1, 3));
    Turn first = admit(fairness, "long", 1);
    for (int i = 0; i < 5; i++) {
      request(fairness, "u" + i);
    }
    assertThat(refused).containsExactly("u3", "u4");
    assertThat(dump(fairness, "a").tallies().get("to-a").refusedSoFar())
        .containsExactly(Map.entry(Refusal.QUEUE_FULL, 2L));

    world.advance(Duration.ofSeconds(16));
    assertThat(refused).hasSize(5);
    assertThat(dump(fairness, "a").timedOut()).isEqualTo(3);
    assertThat(dump(fairness, "a").waiting()).isZero();
    first.close();
    request(fairness, "late");
    assertThat(served).containsExactly("late");
  }

  @Test
  void aClientThatLeavesGivesItsPlaceUp() {
    Fairness fairness = fairness(1, level("a", 95, 1, 1, 3));
    Turn first = admit(fairness, "long", 1);
    request(fairness, "leaving");
    gone = true;
    world.advance(Duration.ofSeconds(2));

    assertThat(dump(fairness, "a").cancelled()).isEqualTo(1);
    assertThat(dump(fairness, "a").waiting()).isZero();
    first.close();
  }

  @Test
  void aLevelWithoutQueuesRefusesAtOnce() {
    Fairness fairness = new Fairness(world, 10, _ -> watchers); // all of which catch-all has
    List<Turn> turns = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      turns.add(admit(fairness, "u", 1));
    }
    assertThatThrownBy(() -> admit(fairness, "u", 1))
        .isInstanceOfSatisfying(Overload.class, e -> assertThat(e.retryAfter()).isEqualTo(1));
    turns.getFirst().close();
    admit(fairness, "u", 1);
    assertThat(dump(fairness, "catch-all").rejected()).isEqualTo(1);
  }

  @Test
  void mastersAreNeverHeldUp() {
    Fairness fairness = fairness(1, level("a", 95, 1, 1, 1));
    UserInfo master = UserInfo.of("admin", UserInfo.MASTERS, UserInfo.AUTHENTICATED);
    for (int i = 0; i < 50; i++) {
      fairness.admit(new FlowRequest(master, "list", pods(), () -> false), most -> 10, _ -> {});
    }
    assertThat(dump(fairness, "exempt").executing()).isEqualTo(50);
  }

  @Test
  void aTurnThatIsKeptLastsUntilItIsReleased() {
    Fairness fairness = fairness(1, level("a", 95, 1, 1, 1));
    Turn turn;
    try (Turn its = admit(fairness, "watcher", 1)) {
      turn = its.keep();
    }
    assertThat(dump(fairness, "a").executing()).isEqualTo(1);
    turn.release();
    turn.release();
    assertThat(dump(fairness, "a").executing()).isZero();
  }

  @Test
  void aWideRequestWaitsForItsSeats() {
    Fairness fairness = fairness(40, level("a", 95, 2, 1, 5));
    int nominal = dump(fairness, "a").spec().limits(40, 100).nominal();
    assertThat(nominal).isEqualTo(38);
    Turn wide = admit(fairness, "wide", 100);

    assertThat(dump(fairness, "a").queues().stream().mapToInt(q -> q.seatsInUse()).sum())
        .isEqualTo(6); // 15 percent of what there is
    wide.close();
  }

  private Turn write(Fairness fairness) {
    return fairness.admit(
        new FlowRequest(UserInfo.of("ann", UserInfo.AUTHENTICATED), "update", pods(), () -> gone),
        _ -> 1,
        _ -> {});
  }

  @ParameterizedTest
  @CsvSource({"9, 1, 0", "10, 1, 5", "25, 3, 5", "100, 6, 8", "600, 6, 50"})
  void aWriteTakesMoreSeatsTheMoreWatchersAreToldOfIt(int told, int seats, long millis) {
    Fairness fairness = fairness(40, level("a", 95, 2, 1, 5)); // one may take 6 of 38
    watchers = told;
    Turn turn = write(fairness);

    assertThat(dump(fairness, "a").seatsInUse()).isEqualTo(seats);
    turn.close();
    assertThat(dump(fairness, "a").executing()).as("the client has its answer").isZero();
    assertThat(dump(fairness, "a").seatsInUse()).isEqualTo(millis == 0 ? 0 : seats);
    world.advance(Duration.ofMillis(Math.max(0, millis - 1)));
    assertThat(dump(fairness, "a").seatsInUse()).isEqualTo(millis == 0 ? 0 : seats);
    world.advance(Duration.ofMillis(2));
    assertThat(dump(fairness, "a").seatsInUse()).isZero();
  }

  @Test
  void seatsThatAreNotNeededAreLent() {
    Fairness fairness = fairness(100, level("busy", 50, 1, 1, 500), level("idle", 50, 1, 1, 500));
    fairness.configure(
        List.of(schema("s", "busy", 500, EVERYBODY)),
        List.of(level("busy", 50, 1, 1, 500), level("idle", 50, 1, 1, 500)));
    for (int i = 0; i < 90; i++) {
      String user = "u" + i;
      world.start(
          user,
          () -> {
            try {
              admit(fairness, user, 1); // is served for long
            } catch (Overload e) {
              refused.add(user);
            }
          });
    }
    world.settle();
    int before = dump(fairness, "busy").executing();
    world.advance(Duration.ofSeconds(10));
    fairness.lend();
    world.settle();

    assertThat(dump(fairness, "busy").executing()).isGreaterThan(before).isLessThanOrEqualTo(76);
  }

  @Test
  void aLevelThatIsRemovedServesWhatItHas() {
    Fairness fairness = fairness(10, level("a", 95, 1, 1, 5));
    Turn turn = admit(fairness, "u", 1);
    fairness.configure(List.of(), List.of());

    assertThat(dump(fairness, "a").quiescing()).isTrue();
    turn.close();
    fairness.configure(List.of(), List.of());
    assertThat(fairness.dump().stream().map(each -> each.spec().name()))
        .containsExactly("catch-all", "exempt");
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "8, 4",
    "64, 6",
    "128, 6",
    "128, 128",
  })
  void handsHaveDifferentQueues(int queues, int size) {
    Set<Integer> all = new HashSet<>();
    for (int flow = 0; flow < 200; flow++) {
      int[] hand = Hand.deal(Hand.hash("schema", "user" + flow), queues, size);
      assertThat(Arrays.stream(hand).distinct().filter(q -> q >= 0 && q < queues).count())
          .isEqualTo(size);
      Arrays.stream(hand).forEach(all::add);
    }
    assertThat(all).hasSize(queues);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "User ; {'kind':'User','user':{'name':'ann'}} ; true",
        "User ; {'kind':'User','user':{'name':'*'}} ; true",
        "User ; {'kind':'User','user':{'name':'bob'}} ; false",
        "Group ; {'kind':'Group','group':{'name':'team'}} ; true",
        "Group ; {'kind':'Group','group':{'name':'other'}} ; false",
        "Account ; {'kind':'ServiceAccount','serviceAccount':{'namespace':'n','name':'*'}} ; false",
      },
      quoteCharacter = '|')
  void schemasAreOfSubjects(String kind, String subject, boolean matches) {
    FlowSchema schema =
        FlowSchema.of(
            schema(
                "s",
                "l",
                1,
                "{'subjects':["
                    + subject
                    + "],'nonResourceRules':[{'verbs':['get'],'nonResourceURLs':['*']}]}"));
    assertThat(schema.matches(UserInfo.of("ann", "team"), "get", new Subject.OfPath("/x")))
        .as(kind)
        .isEqualTo(matches);
  }

  @ParameterizedTest
  @CsvSource({
    "get,pods,'',default,true",
    "list,pods,'',default,true",
    "create,pods,'',default,false",
    "get,pods,status,default,false",
    "get,pods,log,default,true",
    "get,services,'',default,false",
    "get,pods,'',other,false",
    "get,pods,'','',false",
  })
  void schemasAreForResources(
      String verb, String plural, String below, String namespace, boolean matches) {
    FlowSchema schema =
        FlowSchema.of(
            schema(
                "s",
                "l",
                1,
                "{'subjects':[{'kind':'Group','group':{'name':'*'}}],'resourceRules':[{'verbs':"
                    + "['get','list'],'apiGroups':[''],'resources':['pods','pods/log'],"
                    + "'namespaces':['default']}]}"));
    assertThat(
            schema.matches(
                UserInfo.of("ann"),
                verb,
                new Subject.OfResource("", "v1", plural, below, namespace, "")))
        .isEqualTo(matches);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/healthz", "/healthz/etcd", "/readyz", "/livez"})
  void pathsAreMatchedWithWhatIsBelowThem(String path) {
    FlowSchema probes =
        FlowDefaults.suggestedSchemas().stream()
            .map(FlowSchema::of)
            .filter(schema -> schema.name().equals("probes"))
            .findFirst()
            .orElseThrow();
    UserInfo anybody = UserInfo.ANONYMOUS;
    assertThat(probes.matches(anybody, "get", new Subject.OfPath(path))).isTrue();
    assertThat(probes.matches(anybody, "post", new Subject.OfPath(path))).isFalse();
    assertThat(probes.matches(anybody, "get", new Subject.OfPath("/healthzz"))).isFalse();
  }

  @Test
  void seatsAreDividedInProportionWithinBounds() {
    assertThat(
            SeatAllocation.divide(
                100,
                List.of(
                    new SeatAllocation.Claim(0, 100, 10), new SeatAllocation.Claim(0, 100, 30))))
        .containsExactly(25, 75);
    assertThat(
            SeatAllocation.divide(
                100,
                List.of(
                    new SeatAllocation.Claim(40, 100, 10), new SeatAllocation.Claim(0, 100, 30))))
        .containsExactly(40, 60);
    assertThat(
            SeatAllocation.divide(
                100,
                List.of(new SeatAllocation.Claim(0, 100, 10), new SeatAllocation.Claim(0, 50, 30))))
        .containsExactly(50, 50);
  }

  @Test
  void theMoreAreRefusedTheLaterTheyTryAgain() {
    Refusals refusals = new Refusals();
    long now = 1000;
    assertThat(refusals.note(now)).isEqualTo(1);
    for (int i = 0; i < 10; i++) {
      refusals.note(now);
    }
    assertThat(refusals.note(now + 1)).isEqualTo(2);
    for (int i = 0; i < 10; i++) {
      refusals.note(now + 2);
    }
    assertThat(refusals.note(now + 3)).isEqualTo(4);
    assertThat(refusals.note(now + 60)).isEqualTo(3);
  }
}
