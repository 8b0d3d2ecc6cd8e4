-- Creates COUNT Pods that run anywhere.
local count = tonumber(os.getenv("COUNT"))
local sent, answered = 0, 0
local headers = {["Authorization"] = "Bearer measuring", ["Content-Type"] = "application/json"}

request = function()
  sent = sent + 1
  if sent > count then return wrk.format("GET", "/readyz", headers) end
  return wrk.format("POST", "/api/v1/namespaces/default/pods", headers,
    '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p-' .. sent ..
    '","labels":{"app":"load"}},"spec":{"tolerations":[{"operator":"Exists"}],' ..
    '"containers":[{"name":"c","image":"none:1",' ..
    '"resources":{"requests":{"cpu":"100m","memory":"128Mi"}}}]}}')
end

response = function(status)
  answered = answered + 1
  if answered == count then wrk.thread:stop() end
end
