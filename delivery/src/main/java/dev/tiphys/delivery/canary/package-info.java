/// Updates in steps: a canary gets a growing share, of Pods or of traffic, until it is all there
/// is.
///
/// What is decided is computed by pure parts: [dev.tiphys.delivery.canary.BasicSizes] and
/// [dev.tiphys.delivery.canary.RoutedSizes] say how many Pods each revision has,
/// [dev.tiphys.delivery.canary.NextWeight] which share of the traffic the canary gets.
package dev.tiphys.delivery.canary;
