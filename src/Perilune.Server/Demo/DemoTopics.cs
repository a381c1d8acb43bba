namespace Perilune.Server.Demo;

/// <summary>What a traveller asks, what is looked up, and what the assistant says.</summary>
/// <param name="Result">The tool's answer, as JSON.</param>
internal sealed record DemoTopic(string Question, string Tool, string Arguments, string Result, string Answer, string Tag);

internal static class DemoTopics
{
    public static readonly IReadOnlyList<DemoTopic> All =
    [
        new("My flight to Lisbon was moved to 23:40. Can I get on the earlier one?", "lookup_booking", """{"booking":"TW-4471"}""", """{"booking":"TW-4471","flight":"TP 571","departs":"23:40","alternatives":["TP 565 16:05"]}""", "I moved you to TP 565 at 16:05. Your seat is 14C, and nothing is charged for it.", "rebooking"),
        new("Does my fare include a checked bag?", "lookup_booking", """{"booking":"TW-2093"}""", """{"booking":"TW-2093","fare":"Light","bags":0}""", "Your Light fare has a cabin bag only. A checked bag is 35 EUR until a day before the flight.", "baggage"),
        new("I was charged twice for the hotel in Kyoto.", "list_payments", """{"booking":"TW-7750"}""", """{"payments":[{"id":"p1","amount":412.0},{"id":"p2","amount":412.0}]}""", "You were charged 412 EUR twice. The second payment goes back to your card within five days.", "refund"),
        new("Can you add my daughter to the booking? She is four.", "lookup_booking", """{"booking":"TW-3318"}""", """{"booking":"TW-3318","passengers":2,"fare":"Flex"}""", "I added her with a child fare of 89 EUR. The three of you sit together in row 21.", "booking"),
        new("What do I need to enter Vietnam with a German passport?", "entry_rules", """{"from":"DE","to":"VN"}""", """{"visa":"none up to 45 days","passport_months":6}""", "No visa for up to 45 days. Your passport has to be valid for six months after you arrive.", "documents"),
        new("The airport transfer did not show up. I took a taxi for 48 euros.", "open_claim", """{"booking":"TW-9120","amount":48}""", """{"claim":"C-1882","status":"open"}""", "I am sorry about that. Claim C-1882 is open, and you get the 48 EUR back once we have the receipt.", "claim"),
        new("Is breakfast included at the Sea View hotel?", "hotel_details", """{"hotel":"sea-view"}""", """{"hotel":"Sea View","breakfast":"07:00-10:30","included":true}""", "Yes, from 7:00 to 10:30. Tell the front desk the evening before if you leave earlier.", "hotel"),
        new("I want to cancel my trip to Oslo. What do I get back?", "refund_quote", """{"booking":"TW-6054"}""", """{"booking":"TW-6054","paid":640,"refund":512}""", "You paid 640 EUR and get 512 EUR back. Shall I cancel it?", "refund"),
        new("Which seat has the most legroom on the way to Singapore?", "seat_map", """{"flight":"SQ 325"}""", """{"flight":"SQ 325","free":["41A","41K","52D"]}""", "41A and 41K have no seat in front of them, and both are free. 41K is on the shady side.", "booking"),
        new("Do you match the price of a cheaper offer?", "policy_search", """{"query":"price match"}""", """{"passages":["We match lower prices found within 24 hours of booking."]}""", "Yes, within 24 hours of your booking. Send me a link to the offer.", "policy"),
    ];

    /// <summary>Said for the first time on one day of the month, and quoted now and then since.</summary>
    public const string Phrase = "white-glove rebooking";

    public static readonly IReadOnlyList<string> FollowUps = ["Thanks! And can I still change it later?", "Great. Please send it to my email as well.", "Are you sure? The website says something else.", "How long will that take?", "Perfect, thank you."];

    public static readonly IReadOnlyList<string> FollowUpAnswers = ["Yes, until two hours before departure, in the app or here.", "It is on its way to you.", "I checked again: what I said is what your booking says. The website shows the standard fare.", "Usually an hour, a day at the most.", "You are welcome. Have a good trip!"];

    public static readonly IReadOnlyList<string> Complaints = ["This did not help at all.", "Wrong booking, wrong answer.", "I asked for a person three times."];

    public static readonly IReadOnlyList<string> Cities = ["Lisbon", "Kyoto", "Oslo", "Porto", "Hanoi", "Ghent", "Trieste"];
}
