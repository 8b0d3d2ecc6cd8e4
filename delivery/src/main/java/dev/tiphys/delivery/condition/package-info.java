/// The language of conditions on what was measured: `result[0] < 0.05 && len(result) > 0`.
///
/// It is that of Argo Rollouts, as far as conditions need it. A text is compiled once, to a tree of
/// closures; a value is nothing but what JSON has, a moment or a span of time.
package dev.tiphys.delivery.condition;
