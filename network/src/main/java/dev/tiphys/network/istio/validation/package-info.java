/// What is wrong with objects of `networking.istio.io` beyond their schema, said in upstream's
/// words before they are stored.
package dev.tiphys.network.istio.validation;
