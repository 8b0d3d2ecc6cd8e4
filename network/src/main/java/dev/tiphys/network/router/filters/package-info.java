/// What may stand between a request and the action of its route: a type for each kind of filter.
package dev.tiphys.network.router.filters;
