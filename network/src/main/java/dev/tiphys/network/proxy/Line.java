package dev.tiphys.network.proxy;

import dev.tiphys.network.Prefix;
import dev.tiphys.network.nftables.Element;
import dev.tiphys.network.nftables.Family;
import dev.tiphys.network.nftables.Key;
import dev.tiphys.network.nftables.Rule;
import dev.tiphys.network.nftables.Type;
import dev.tiphys.network.nftables.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A rule in the chain of a Service, as the plan has it. Two that are equal do the same.
sealed interface Line {

  /// The bit of a packet's mark by which it will leave under the node's address.
  int MASQUERADE = 0x4000;

  /// A register that no rule uses for anything else.
  int SPARE = 15;

  /// The rule for packets of a family.
  Rule rule(Family family);

  /// Sends connections to one of several endpoints, each as likely as the others.
  record Balance(List<Target> targets) implements Line {
    @Override
    public Rule rule(Family family) {
      Rule rule = Rule.of(family);
      if (targets.size() == 1) {
        Target only = targets.getFirst();
        rule.load(Key.of(only.address()), 0).loadPort(only.port(), family.registers());
      } else {
        List<Element> numbered = new ArrayList<>();
        for (Target target : targets) {
          numbered.add(Element.to(Key.ofNumber(numbered.size()), target.key()));
        }
        rule.random(targets.size(), 0).mapUnnamed(Type.MARK, type(family), numbered, 0, 0);
      }
      return rule.sendTo(0, family.registers());
    }
  }

  /// Sends connections of a client that is known to the endpoint that it was sent to, if that is
  /// still one of these.
  ///
  /// @param memory the map that knows, from the client to the identifier of the endpoint
  /// @param span how long it knows after the last connection
  record Stick(String memory, Duration span, List<Target> targets) implements Line {
    @Override
    public Rule rule(Family family) {
      int identifier = family.registers();
      Rule rule =
          Rule.of(family).source(0).map(memory, 0, identifier).throughMark(identifier, SPARE);
      return resolve(rule, family, targets)
          .remember(memory, 0, identifier, span)
          .sendTo(identifier + 1, identifier + 1 + family.registers());
    }
  }

  /// Sends connections to one of several endpoints, and remembers for the client to which.
  record BalanceAndRemember(String memory, Duration span, List<Target> targets) implements Line {
    @Override
    public Rule rule(Family family) {
      int identifier = family.registers();
      Rule rule = Rule.of(family).source(0);
      List<Integer> identifiers = List.copyOf(Target.identified(targets).keySet());
      if (identifiers.size() == 1) {
        rule.load(Key.ofNumber(identifiers.getFirst()), identifier);
      } else {
        List<Element> numbered = new ArrayList<>();
        for (int each : identifiers) {
          numbered.add(Element.to(Key.ofNumber(numbered.size()), Key.ofNumber(each)));
        }
        rule.random(identifiers.size(), identifier)
            .mapUnnamed(Type.MARK, Type.MARK, numbered, identifier, identifier)
            .throughMark(identifier, SPARE);
      }
      rule.forget(memory, 0, identifier).remember(memory, 0, identifier, span);
      return resolve(rule, family, targets)
          .sendTo(identifier + 1, identifier + 1 + family.registers());
    }
  }

  /// Goes on in another chain.
  record GoTo(String chain) implements Line {
    @Override
    public Rule rule(Family family) {
      return Rule.of(family).then(Verdict.goTo(chain));
    }
  }

  /// Lets connections leave under the node's address, so that answers come back by it.
  record Mark() implements Line {
    @Override
    public Rule rule(Family family) {
      return Rule.of(family).setMark(MASQUERADE);
    }
  }

  /// Goes on in another chain with what comes from certain addresses.
  record From(Prefix sources, String chain) implements Line {
    @Override
    public Rule rule(Family family) {
      return Rule.of(family)
          .source(0)
          .inPrefix(0, sources.first(), sources.bits(), true)
          .then(Verdict.goTo(chain));
    }
  }

  /// Lets what comes from the node itself leave under the node's address; and goes on with it in
  /// another chain.
  record FromNode(String chain) implements Line {
    @Override
    public Rule rule(Family family) {
      return Rule.of(family).fromThisMachine(true).setMark(MASQUERADE).then(Verdict.goTo(chain));
    }
  }

  /// Lets pass what comes from certain addresses.
  record Allow(Prefix sources) implements Line {
    @Override
    public Rule rule(Family family) {
      return Rule.of(family)
          .source(0)
          .inPrefix(0, sources.first(), sources.bits(), true)
          .then(Verdict.RETURN);
    }
  }

  /// Drops what comes here.
  record Drop() implements Line {
    @Override
    public Rule rule(Family family) {
      return Rule.of(family).then(Verdict.DROP);
    }
  }

  private static Type type(Family family) {
    return Type.of(Type.address(family), Type.PORT);
  }

  /// Loads the endpoint whose identifier is in the register behind an address; goes no further if
  /// it is none of these.
  private static Rule resolve(Rule rule, Family family, List<Target> targets) {
    List<Element> elements = new ArrayList<>();
    Target.identified(targets)
        .forEach((id, target) -> elements.add(Element.to(Key.ofNumber(id), target.key())));
    int identifier = family.registers();
    return rule.mapUnnamed(Type.MARK, type(family), elements, identifier, identifier + 1);
  }
}
